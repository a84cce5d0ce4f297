import { useQuery } from '@tanstack/react-query';
import { useMay } from '../access/caller.ts';
import { clustersQuery } from '../api/clusters.ts';
import { migrationsQuery } from '../api/migrations.ts';
import { AppPage, Loaded } from '../app/app-page.tsx';
import { ButtonLink } from '../app/button-link.tsx';
import { NothingYet } from '../app/nothing-yet.tsx';
import { FirstSteps } from './first-steps.tsx';
import { MigrationsTable } from './migrations-table.tsx';

/** The saved migrations. */
export function MigrationsPage() {
  const migrations = useQuery(migrationsQuery);
  const clusters = useQuery(clustersQuery);
  const mayRun = useMay('operator');
  const define = mayRun && <ButtonLink to="/migrations/new">Define a migration</ButtonLink>;
  const lacksClusters = clusters.data !== undefined && clusters.data.length < 2;
  return (
    <AppPage title="Migrations" actions={migrations.data?.length ? define : undefined}>
      <Loaded what="the migrations" query={migrations}>
        {(items) =>
          items.length > 0 ? (
            <MigrationsTable migrations={items} />
          ) : (
            <NothingYet title="No migration yet" action={lacksClusters ? undefined : define}>
              Say what is to go, from where and to where. It can be previewed before anything is touched, and run as often as
              needed.
              <FirstSteps />
            </NothingYet>
          )
        }
      </Loaded>
    </AppPage>
  );
}
