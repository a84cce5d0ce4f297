import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useLocation, useNavigate, useParams, useSearchParams } from 'react-router';
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
  const original = useQuery({ ...migrationQuery(cloned ?? ''), enabled: cloned !== null, refetchOnMount: 'always' });
  return (
    <AppPage title="Define a migration" parent={PARENT}>
      {cloned === null ? (
        <MigrationWizard
          draftKey={source ? `new-from-${source}` : 'new'}
          initial={newDefinition(source)}
          startAt={source ? 'selections' : 'cluster'}
        />
      ) : (
        // Not what was read earlier, which may have been changed since.
        <Loaded what="the migration" query={original}>
          {({ definition }) =>
            original.isFetchedAfterMount && (
              <MigrationWizard draftKey={`clone-${cloned}`} initial={cloneOf(definition)} startAt="summary" />
            )
          }
        </Loaded>
      )}
    </AppPage>
  );
}

export function EditMigrationPage() {
  const { id = '' } = useParams();
  const notStarted = useNotStarted(id);
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

interface NotStarted {
  message: string;
  cure: string;
}

/** @returns why the run of a migration that was just saved was refused; told once, not by each reload and each way back */
function useNotStarted(id: string): NotStarted | undefined {
  const { state, pathname } = useLocation();
  const navigate = useNavigate();
  const [told, setTold] = useState<{ id: string; notStarted: NotStarted }>();
  const { notStarted } = (state ?? {}) as { notStarted?: NotStarted };
  useEffect(() => {
    if (!notStarted) return;
    setTold({ id, notStarted });
    navigate(pathname, { replace: true, state: null });
  }, [notStarted, id, pathname, navigate]);
  return notStarted ?? (told?.id === id ? told.notStarted : undefined);
}
