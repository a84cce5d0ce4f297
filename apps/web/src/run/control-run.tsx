import type { RunSummary, RunView } from '@godwit/contracts/api';
import { pipelineOf } from '@godwit/pipeline/pipeline';
import { Button, type ButtonProps } from '@patternfly/react-core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { pauseRun, resumeRun, retryRun, runQuery } from '../api/runs.ts';
import { RequestProblem } from '../app/request-problem.tsx';

/** What can be asked of a run on its way without asking back, as nothing is lost by it. */
export function ControlRun({ run }: { run: RunView }) {
  const movesData = pipelineOf(run.kind).some(({ takesStreams }) => takesStreams);
  if (run.cancelRequestedAt) return null;
  return (
    <>
      {run.phase === 'Held' && !run.retryRequestedAt && <Control run={run} label="Retry" variant="primary" ask={retryRun} />}
      {run.phase === 'Running' && movesData && !run.pausedAt && (
        <Control run={run} label="Pause" variant="secondary" ask={pauseRun} />
      )}
      {run.pausedAt && (run.phase === 'Running' || run.phase === 'Held') && (
        <Control run={run} label="Resume" variant={run.phase === 'Held' ? 'secondary' : 'primary'} ask={resumeRun} />
      )}
    </>
  );
}

interface ControlProps {
  run: RunView;
  label: string;
  variant: ButtonProps['variant'];
  ask: (id: string) => Promise<RunSummary>;
}

function Control({ run, label, variant, ask }: ControlProps) {
  const queries = useQueryClient();
  const control = useMutation({
    mutationFn: () => ask(run.id),
    // What the summary does not name any more has ended.
    onSuccess: (summary) =>
      queries.setQueryData(
        runQuery(run.id).queryKey,
        (known) => known && { ...known, pausedAt: undefined, heldUntil: undefined, retryRequestedAt: undefined, ...summary },
      ),
  });
  return (
    <>
      <Button variant={variant} isLoading={control.isPending} isDisabled={control.isPending} onClick={() => control.mutate()}>
        {label}
      </Button>
      {control.error && <RequestProblem doing={`Cannot ${label.toLowerCase()}`} error={control.error} />}
    </>
  );
}
