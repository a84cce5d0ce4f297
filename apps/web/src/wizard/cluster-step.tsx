import { useQuery } from '@tanstack/react-query';
import { clustersQuery } from '../api/clusters.ts';
import { Loaded } from '../app/app-page.tsx';
import { ButtonLink } from '../app/button-link.tsx';
import { NothingYet } from '../app/nothing-yet.tsx';
import { ClusterChoice } from './cluster-choice.tsx';
import { type DefinitionForm, filledIn } from './definition-form.ts';

const PATH = ['sourceClusterId'];

/** Where the application is now. */
export function ClusterStep({ form }: { form: DefinitionForm }) {
  const clusters = useQuery(clustersQuery);
  return (
    <Loaded what="the clusters" query={clusters}>
      {(items) =>
        items.length === 0 ? (
          <NothingYet title="No cluster yet" action={<ButtonLink to="/clusters">Register clusters</ButtonLink>}>
            Register the cluster that applications are to leave, and the one that they are to go to.
          </NothingYet>
        ) : (
          <ClusterChoice
            label="Source cluster"
            name="source"
            clusters={items}
            chosen={filledIn(form).sourceClusterId}
            onChoose={(id) => form.set(PATH, id)}
            error={form.errorOf(PATH)}
          />
        )
      }
    </Loaded>
  );
}
