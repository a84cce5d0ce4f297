import type { RunView } from '@godwit/contracts/api';
import { Alert } from '@patternfly/react-core';

/** That a run waits for people: it failed and keeps what it has, or it rests. */
export function Held({ run: { phase, heldUntil, pausedAt, retryRequestedAt, cancelRequestedAt } }: { run: RunView }) {
  if (phase === 'Held' && !retryRequestedAt)
    return (
      <Alert variant="warning" isInline title="The run failed and keeps what it has">
        Mend what is said below, then retry: it goes on from the step that failed.
        {heldUntil && ` It is given up ${new Date(heldUntil).toLocaleString()}.`}
      </Alert>
    );
  if (phase === 'Running' && pausedAt && !cancelRequestedAt)
    return (
      <Alert variant="info" isInline title="The run is paused">
        Its volumes are neither copied nor restored until it is resumed.
      </Alert>
    );
  return null;
}
