import type { RunView, StartRun } from '@godwit/contracts/api';
import { isFinished, isStaging } from '@godwit/contracts/run';
import { Button } from '@patternfly/react-core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { discardStaging, stagingQuery, startRun } from '../api/runs.ts';
import { RequestProblem } from '../app/request-problem.tsx';
import { ConfirmAction } from '../forms/confirm-action.tsx';
import { isDestinationThere } from '../migrations/destination-text.ts';

/** The buttons that stage the migration of a run; that cut it over or discard what is staged, after one has confirmed it. */
export function StageMigration({ run: { phase, migrationId, ...run } }: { run: RunView }) {
  const [asked, ask] = useState<'cut-over' | 'discard'>();
  const navigate = useNavigate();
  const start = useMutation({ mutationFn: startOf('Stage'), onSuccess: ({ id }) => navigate(`/runs/${id}`) });
  if (!migrationId || !isFinished(phase) || !isDestinationThere(run.definition)) return null;
  const close = () => ask(undefined);
  return (
    <>
      <Button
        variant="secondary"
        isLoading={start.isPending}
        isDisabled={start.isPending}
        onClick={() => start.mutate(migrationId)}
      >
        Stage
      </Button>
      <Button variant="secondary" isDanger onClick={() => ask('cut-over')}>
        Cut over
      </Button>
      {isStaging(run.kind) && <DiscardButton migrationId={migrationId} onClick={() => ask('discard')} />}
      {start.error && <RequestProblem doing="Cannot stage" error={start.error} />}
      {asked === 'cut-over' && (
        <ConfirmAction
          title={`Cut over ${run.migrationName}?`}
          doIt="Cut over"
          leaveIt="Not now"
          variant="danger"
          act={async () => navigate(`/runs/${(await startOf('CutOver')(migrationId)).id}`)}
          onClose={close}
        >
          On {run.sourceCluster} the selected Deployments, StatefulSets, ReplicaSets, DaemonSets and Jobs are stopped and CronJobs
          are suspended. Then what has changed since the last stage is copied, and all starts on {run.destinationCluster}. The
          source stays stopped; it is started again as it was if the cut-over fails, is cancelled or is rolled back.
        </ConfirmAction>
      )}
      {asked === 'discard' && (
        <ConfirmAction
          title={`Discard what is staged of ${run.migrationName}?`}
          doIt="Discard staging"
          leaveIt="Keep it"
          variant="danger"
          act={async () => navigate(`/runs/${(await discardStaging(migrationId)).id}`)}
          onClose={close}
        >
          The staged volumes are deleted from {run.destinationCluster}, their archives from the store. The source is not touched;
          the next stage copies everything again.
        </ConfirmAction>
      )}
    </>
  );
}

const startOf = (kind: StartRun['kind']) => (id: string) => startRun(id, kind);

/** Only where something is staged. */
function DiscardButton({ migrationId, onClick }: { migrationId: string; onClick: () => void }) {
  const { data: staged = [] } = useQuery(stagingQuery(migrationId));
  if (staged.length === 0) return null;
  return (
    <Button variant="secondary" isDanger onClick={onClick}>
      Discard staging
    </Button>
  );
}
