import type { RunView } from '@godwit/contracts/api';
import { hasToRollBack, isFinished, isMigrating } from '@godwit/contracts/run';
import { Button, Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { rollBackRun } from '../api/runs.ts';
import { RequestProblem } from '../app/request-problem.tsx';

/** The button that takes back what a migration did, after one has confirmed it. */
export function RollBackRun({ run }: { run: RunView }) {
  const [isOpen, setOpen] = useState(false);
  const navigate = useNavigate();
  const rollBack = useMutation({ mutationFn: () => rollBackRun(run.id), onSuccess: ({ id }) => navigate(`/runs/${id}`) });
  if (!isMigrating(run.kind) || !isFinished(run.phase) || !hasToRollBack(run)) return null;
  return (
    <>
      <Button variant="secondary" isDanger onClick={() => setOpen(true)}>
        Roll back
      </Button>
      <Modal
        variant="small"
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        aria-labelledby="roll-back-title"
        aria-describedby="roll-back-text"
      >
        <ModalHeader title={`Roll back ${run.migrationName}?`} labelId="roll-back-title" titleIconVariant="warning" />
        <ModalBody id="roll-back-text">
          What this run created on {run.destinationCluster} is deleted, its volumes with all their data included, also what was
          written there since. What it changed is put back as it was, unless others have changed it since.{' '}
          {run.kind === 'CutOver'
            ? `What the cut-over stopped on ${run.sourceCluster} is started again as it was.`
            : 'The source is not touched.'}
          {rollBack.error && <RequestProblem doing="Cannot roll back" error={rollBack.error} />}
        </ModalBody>
        <ModalFooter>
          <Button
            variant="danger"
            isLoading={rollBack.isPending}
            isDisabled={rollBack.isPending}
            onClick={() => rollBack.mutate()}
          >
            Roll back
          </Button>
          <Button variant="link" onClick={() => setOpen(false)}>
            Leave it as it is
          </Button>
        </ModalFooter>
      </Modal>
    </>
  );
}
