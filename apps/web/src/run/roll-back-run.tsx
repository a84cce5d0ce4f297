import type { RunView } from '@godwit/contracts/api';
import { hasToRollBack, isFinished, isMigrating } from '@godwit/contracts/run';
import { Button, Checkbox } from '@patternfly/react-core';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { rollBackRun } from '../api/runs.ts';
import { ConfirmAction } from '../forms/confirm-action.tsx';

/** The button that takes back what a migration did, after one has confirmed it. */
export function RollBackRun({ run }: { run: RunView }) {
  const [isOpen, setOpen] = useState(false);
  const [deletesCluster, setDeletesCluster] = useState(false);
  const navigate = useNavigate();
  if (!isMigrating(run.kind) || !isFinished(run.phase) || !hasToRollBack(run) || run.rolledBackBy) return null;
  const createdCluster = run.definition.destination.type !== 'Registered';
  return (
    <>
      <Button variant="secondary" isDanger onClick={() => setOpen(true)}>
        Roll back
      </Button>
      {isOpen && (
        <ConfirmAction
          title={`Roll back ${run.migrationName}?`}
          doIt="Roll back"
          leaveIt="Leave it as it is"
          variant="danger"
          act={async () =>
            navigate(`/runs/${(await rollBackRun(run.id, { deleteCluster: createdCluster && deletesCluster })).id}`)
          }
          onClose={() => setOpen(false)}
        >
          <p>
            What this run created on {run.destinationCluster} is deleted, its volumes with all their data included, also what was
            written there since. What it changed is put back as it was, unless others have changed it since.{' '}
            {run.kind === 'CutOver'
              ? `What the cut-over stopped on ${run.sourceCluster} is started again as it was.`
              : 'The source is not touched.'}
          </p>
          {createdCluster && (
            <Checkbox
              id="also-delete-cluster"
              className="godwit-beneath"
              label={`Also delete the cluster ${run.destinationCluster}, which this run created`}
              description="With all that is in it, whoever put it there."
              isChecked={deletesCluster}
              onChange={(_event, checked) => setDeletesCluster(checked)}
            />
          )}
        </ConfirmAction>
      )}
    </>
  );
}
