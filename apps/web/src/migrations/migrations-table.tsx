import type { MigrationView, RunSummary } from '@godwit/contracts/api';
import { type IAction, Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { useMay } from '../access/caller.ts';
import { clustersQuery } from '../api/clusters.ts';
import { deleteMigration, migrationsQuery } from '../api/migrations.ts';
import { MOST_RUNS, previewMigration, runsQuery, startRun } from '../api/runs.ts';
import { RequestProblem } from '../app/request-problem.tsx';
import { RowActions } from '../app/row-actions.tsx';
import { useNow } from '../app/use-now.ts';
import { formatAgo } from '../format/time.ts';
import { ConfirmAction } from '../forms/confirm-action.tsx';
import { ConfirmDelete } from '../forms/confirm-delete.tsx';
import { PhaseLabel } from '../runs/phase-label.tsx';
import { ScheduleForm } from '../schedules/schedule-form.tsx';
import { destinationText, isDestinationThere } from './destination-text.ts';
import { RunLater } from './run-later.tsx';
import { selectionText } from './selection-text.ts';

/** Saved migrations, with what can be done with each. */
export function MigrationsTable({ migrations }: { migrations: readonly MigrationView[] }) {
  const { data: runs } = useQuery(runsQuery);
  const now = useNow(false);
  const [deleting, setDeleting] = useState<MigrationView>();
  const [cuttingOver, setCuttingOver] = useState<MigrationView>();
  const [runningLater, setRunningLater] = useState<MigrationView>();
  const [scheduling, setScheduling] = useState<MigrationView>();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const start = useMutation({
    mutationFn: ({ call, id }: { call: (id: string) => Promise<RunSummary>; id: string }) => call(id),
    onSuccess: ({ id }) => navigate(`/runs/${id}`),
  });
  const lastRunOf = (id: string) => runs?.find((run) => run.migrationId === id && run.kind !== 'Preview');
  // Beyond the latest nobody has looked.
  const withoutRun = runs === undefined ? '…' : runs.length < MOST_RUNS ? 'none yet' : 'none of late';
  return (
    <>
      {start.error && <RequestProblem doing="Not started" error={start.error} />}
      <Table aria-label="Migrations" variant="compact">
        <Thead>
          <Tr>
            <Th>Name</Th>
            <Th>What goes</Th>
            <Th>From and to</Th>
            <Th>Last run</Th>
            <Th screenReaderText="Actions" />
          </Tr>
        </Thead>
        <Tbody>
          {migrations.map((migration) => (
            <MigrationRow
              key={migration.id}
              migration={migration}
              lastRun={lastRunOf(migration.id)}
              now={now}
              withoutRun={withoutRun}
              onStart={(call) => start.mutate({ call, id: migration.id })}
              onCutOver={() => setCuttingOver(migration)}
              onRunLater={() => setRunningLater(migration)}
              onSchedule={() => setScheduling(migration)}
              onDelete={() => setDeleting(migration)}
            />
          ))}
        </Tbody>
      </Table>
      {cuttingOver && (
        <ConfirmAction
          title={`Cut ${cuttingOver.name} over?`}
          doIt="Cut over"
          leaveIt="Not now"
          variant="danger"
          onClose={() => setCuttingOver(undefined)}
          act={async () => navigate(`/runs/${(await startRun(cuttingOver.id, 'CutOver')).id}`)}
        >
          The selected workloads on the source are stopped, what changed since the last stage is copied, and the application
          starts on the destination. Until then it is down. Should it fail, the source is started again as it was.
        </ConfirmAction>
      )}
      {runningLater && <RunLater migration={runningLater} onClose={() => setRunningLater(undefined)} />}
      {scheduling && (
        <ScheduleForm
          migrationId={scheduling.id}
          onClose={() => setScheduling(undefined)}
          onSaved={() => navigate('/schedules')}
        />
      )}
      {deleting && (
        <ConfirmDelete
          what="migration"
          name={deleting.name}
          onClose={() => setDeleting(undefined)}
          remove={async () => {
            await deleteMigration(deleting);
            await queries.invalidateQueries({ queryKey: migrationsQuery.queryKey });
          }}
        >
          Its definition is deleted. Its runs stay, with what they moved.
        </ConfirmDelete>
      )}
    </>
  );
}

interface RowProps {
  migration: MigrationView;
  lastRun: RunSummary | undefined;
  now: number;
  /** What is said where there is none. */
  withoutRun: string;
  onStart: (call: (id: string) => Promise<RunSummary>) => void;
  onCutOver: () => void;
  onRunLater: () => void;
  onSchedule: () => void;
  onDelete: () => void;
}

function MigrationRow({ migration: { id, name, definition }, lastRun, now, withoutRun, onStart, ...asked }: RowProps) {
  const { data: clusters = [] } = useQuery(clustersQuery);
  const mayRun = useMay('operator');
  const navigate = useNavigate();
  const nameOf = (clusterId: string) => clusters.find((cluster) => cluster.id === clusterId)?.name ?? '…';
  const actions: IAction[] = [
    { title: 'Run', onClick: () => onStart((each) => startRun(each, 'Migration')) },
    ...(isDestinationThere(definition)
      ? [
          { title: 'Preview', onClick: () => onStart(previewMigration) },
          { title: 'Stage', onClick: () => onStart((each) => startRun(each, 'Stage')) },
          { title: 'Cut over', onClick: asked.onCutOver },
        ]
      : []),
    { title: 'Run later…', onClick: asked.onRunLater },
    { title: 'Schedule…', onClick: asked.onSchedule },
    { isSeparator: true },
    { title: 'Edit', onClick: () => navigate(`/migrations/${id}/edit`) },
    { title: 'Clone', onClick: () => navigate(`/migrations/new?clone=${id}`) },
    { isSeparator: true },
    { title: 'Delete', isDanger: true, onClick: asked.onDelete },
  ];
  return (
    <Tr>
      <Td dataLabel="Name" modifier="breakWord">
        {mayRun ? <Link to={`/migrations/${id}/edit`}>{name}</Link> : name}
      </Td>
      <Td dataLabel="What goes" modifier="breakWord">
        {selectionText(definition.selection)}
      </Td>
      <Td dataLabel="From and to" modifier="breakWord">
        {nameOf(definition.sourceClusterId)} → {destinationText(definition, nameOf)}
      </Td>
      <Td dataLabel="Last run">
        {lastRun ? (
          <>
            <Link to={`/runs/${lastRun.id}`}>{formatAgo(lastRun.createdAt, now)}</Link> <PhaseLabel run={lastRun} />
          </>
        ) : (
          <span className="godwit-subtle">{withoutRun}</span>
        )}
      </Td>
      <Td isActionCell>{mayRun && <RowActions items={actions} of={name} />}</Td>
    </Tr>
  );
}
