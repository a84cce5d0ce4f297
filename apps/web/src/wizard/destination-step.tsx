import { Alert, Content } from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { clustersQuery } from '../api/clusters.ts';
import { Loaded } from '../app/app-page.tsx';
import { ButtonLink } from '../app/button-link.tsx';
import { NothingYet } from '../app/nothing-yet.tsx';
import { ClusterChoice } from './cluster-choice.tsx';
import { type DefinitionForm, destinationId, filledIn } from './definition-form.ts';

const PATH = ['destination', 'clusterId'];

/** Where the application is to go. */
export function DestinationStep({ form }: { form: DefinitionForm }) {
  const clusters = useQuery(clustersQuery);
  const { sourceClusterId, destination } = filledIn(form);
  return (
    <Loaded what="the clusters" query={clusters}>
      {(items) => {
        const others = items.filter(({ id }) => id !== sourceClusterId);
        return (
          <>
            {destination.type !== 'Registered' && (
              <Alert variant="info" isInline title={`A new ${destination.type} cluster, ${destination.name}, is created`}>
                Its options are defined by the API and stay as they are. Choose a cluster below to go there instead.
              </Alert>
            )}
            {others.length === 0 ? (
              <NothingYet title="No other cluster yet" action={<ButtonLink to="/clusters">Register clusters</ButtonLink>}>
                <Content component="p">The destination is another registered cluster than the source.</Content>
              </NothingYet>
            ) : (
              <ClusterChoice
                label="Destination cluster"
                name="destination"
                clusters={others}
                chosen={destinationId(form)}
                onChoose={(clusterId) => form.set(['destination'], { type: 'Registered', clusterId })}
                error={form.errorOf(PATH)}
              />
            )}
          </>
        );
      }}
    </Loaded>
  );
}
