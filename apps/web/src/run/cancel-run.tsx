import type { RunView } from '@godwit/contracts/api';
import type { RunKind } from '@godwit/contracts/run';
import { Button } from '@patternfly/react-core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { cancelRun, runQuery } from '../api/runs.ts';
import { ConfirmAction } from '../forms/confirm-action.tsx';
import { runTitle } from '../runs/run-title.ts';

const WHAT_HAPPENS: Record<RunKind, (run: RunView) => string> = {
  Migration: ({ destinationCluster }) =>
    'What runs is stopped, and what the run made for itself on both clusters is removed. Objects that were applied to ' +
    `${destinationCluster} already stay there. The source is not changed. A cancelled run cannot be taken up again.`,
  Preview: () => 'Neither cluster was changed. A cancelled preview cannot be taken up again.',
  Stage: () => 'What runs is stopped. What was staged before stays; the next stage copies what this one did not finish.',
  CutOver: ({ destinationCluster }) =>
    'What runs is stopped, and the source is started again as it was. Objects that were applied to ' +
    `${destinationCluster} already stay there. What is staged stays too, as far as it was not handed over.`,
  DiscardStaging: () => 'What is discarded already stays so. Discard again to go on.',
  Rollback: () => 'What was taken back already stays so; the rest stays as it is. Roll the migration back again to go on.',
};

const GIVEN_UP = 'The run has failed, and what it keeps to go on from goes too. ';
const NOT_BEGUN = 'Nothing of it has begun: it leaves the queue, and neither cluster is touched.';

/** The button that cancels a run, after one has confirmed it. */
export function CancelRun({ run }: { run: RunView }) {
  const [isOpen, setOpen] = useState(false);
  const queries = useQueryClient();
  // It may be cancelled from elsewhere, or end, while one is asked.
  const isHeld = run.phase === 'Held';
  const isQueued = run.phase === 'Queued';
  if ((run.phase !== 'Running' && !isHeld && !isQueued) || run.cancelRequestedAt) return null;
  const label = isHeld ? 'Give up' : 'Cancel run';
  const act = async () => {
    const summary = await cancelRun(run.id);
    queries.setQueryData(runQuery(run.id).queryKey, (known) => known && { ...known, ...summary });
  };
  return (
    <>
      <Button variant="danger" onClick={() => setOpen(true)}>
        {label}
      </Button>
      {isOpen && (
        <ConfirmAction
          title={`${isHeld ? 'Give up' : 'Cancel'}: ${runTitle(run)}?`}
          doIt={label}
          leaveIt={isHeld ? 'Keep it' : 'Let it run'}
          variant="danger"
          act={act}
          onClose={() => setOpen(false)}
        >
          {isHeld && GIVEN_UP}
          {isQueued ? NOT_BEGUN : WHAT_HAPPENS[run.kind](run)}
        </ConfirmAction>
      )}
    </>
  );
}
