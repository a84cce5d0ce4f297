import type { RunView, StartRun } from '@godwit/contracts/api';
import { isFinished } from '@godwit/contracts/run';
import { Button, Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { startRun } from '../api/runs.ts';
import { RequestProblem } from '../app/request-problem.tsx';

/** The buttons that stage the migration of a run, and that cut it over after one has confirmed what is stopped. */
export function StageMigration({ run: { phase, migrationId, ...run } }: { run: RunView }) {
  const [isOpen, setOpen] = useState(false);
  const navigate = useNavigate();
  const start = useMutation({
    mutationFn: ({ id, kind }: { id: string; kind: StartRun['kind'] }) => startRun(id, kind),
    onSuccess: ({ id }) => {
      setOpen(false);
      navigate(`/runs/${id}`);
    },
  });
  if (!migrationId || !isFinished(phase) || run.definition.destination.type !== 'Registered') return null;
  return (
    <>
      <Button
        variant="secondary"
        isLoading={start.isPending}
        isDisabled={start.isPending}
        onClick={() => start.mutate({ id: migrationId, kind: 'Stage' })}
      >
        Stage
      </Button>
      <Button variant="secondary" isDanger onClick={() => setOpen(true)}>
        Cut over
      </Button>
      {!isOpen && start.error && <RequestProblem doing="Cannot stage" error={start.error} />}
      <Modal
        variant="small"
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        aria-labelledby="cut-over-title"
        aria-describedby="cut-over-text"
      >
        <ModalHeader title={`Cut over ${run.migrationName}?`} labelId="cut-over-title" titleIconVariant="warning" />
        <ModalBody id="cut-over-text">
          On {run.sourceCluster} the selected Deployments, StatefulSets, ReplicaSets, DaemonSets and Jobs are stopped and CronJobs
          are suspended. Then what has changed since the last stage is copied, and all starts on {run.destinationCluster}. The
          source stays stopped; it is started again as it was if the cut-over fails, is cancelled or is rolled back.
          {start.error && <RequestProblem doing="Cannot cut over" error={start.error} />}
        </ModalBody>
        <ModalFooter>
          <Button
            variant="danger"
            isLoading={start.isPending}
            isDisabled={start.isPending}
            onClick={() => start.mutate({ id: migrationId, kind: 'CutOver' })}
          >
            Cut over
          </Button>
          <Button variant="link" onClick={() => setOpen(false)}>
            Not now
          </Button>
        </ModalFooter>
      </Modal>
    </>
  );
}
