import { useQuery } from '@tanstack/react-query';
import { useLocation, useParams, useSearchParams } from 'react-router';
import { migrationQuery } from '../api/migrations.ts';
import { RequestError } from '../api/request-error.ts';
import { AppPage, Loaded } from '../app/app-page.tsx';
import { RequestProblem } from '../app/request-problem.tsx';
import { cloneOf, newDefinition } from './draft.ts';
import { MigrationWizard } from './migration-wizard.tsx';

const PARENT = { path: '/migrations', title: 'Migrations' };

/** A new migration, perhaps from a cluster, or as a copy of another. */
export function NewMigrationPage() {
  const [search] = useSearchParams();
  const cloned = search.get('clone');
  const source = search.get('source') ?? undefined;
  const original = useQuery({ ...migrationQuery(cloned ?? ''), enabled: cloned !== null });
  return (
    <AppPage title="Define a migration" parent={PARENT}>
      {cloned === null ? (
        <MigrationWizard
          draftKey={source ? `new-from-${source}` : 'new'}
          initial={newDefinition(source)}
          startAt={source ? 'selections' : 'cluster'}
        />
      ) : (
        <Loaded what="the migration" query={original}>
          {({ definition }) => <MigrationWizard draftKey={`clone-${cloned}`} initial={cloneOf(definition)} startAt="summary" />}
        </Loaded>
      )}
    </AppPage>
  );
}

export function EditMigrationPage() {
  const { id = '' } = useParams();
  /** Of one that was just saved, and whose run was refused. */
  const { notStarted } = (useLocation().state ?? {}) as { notStarted?: { message: string; cure: string } };
  const migration = useQuery({ ...migrationQuery(id), refetchOnMount: 'always' });
  return (
    <AppPage title={migration.data?.name ?? 'Migration'} parent={PARENT}>
      {notStarted && (
        <RequestProblem
          doing="Saved, but not started"
          error={new RequestError(notStarted.message, undefined, notStarted.cure ?? 'Run it again from here.')}
        />
      )}
      {/* Not what was read earlier: what is saved is meant for the version that is shown. */}
      <Loaded what="the migration" query={migration}>
        {(edited) =>
          migration.isFetchedAfterMount && (
            <MigrationWizard
              key={id}
              edited={edited}
              draftKey={id}
              initial={edited.definition}
              startAt={notStarted ? 'summary' : 'selections'}
            />
          )
        }
      </Loaded>
    </AppPage>
  );
}
