import type { RunView } from '@godwit/contracts/api';
import { formatDuration } from '@godwit/pipeline/format-duration';
import { Alert } from '@patternfly/react-core';
import { useNow } from '../app/use-now.ts';

/** That a run waits for people: it failed and keeps what it has, or it rests. */
export function Held({ run: { phase, heldUntil, pausedAt, retryRequestedAt, cancelRequestedAt } }: { run: RunView }) {
  if (phase === 'Held' && !retryRequestedAt)
    return (
      <Alert variant="warning" isInline title="The run failed and keeps what it has">
        Mend what is said below, then retry: it goes on from the step that failed.
        {heldUntil && <TimeLeft until={heldUntil} />}
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

function TimeLeft({ until }: { until: string }) {
  const left = Math.max(0, new Date(until).getTime() - useNow(true));
  return (
    <>
      {' '}
      It is given up by itself in {formatDuration(left)}, at <time dateTime={until}>{new Date(until).toLocaleString()}</time>.
    </>
  );
}
