import type { ErrorReport } from '@godwit/contracts/errors';
import type { RunOutcome } from '@godwit/contracts/run';
import type { Story } from '@godwit/db/advance-store';
import type { NewRunEvent } from '@godwit/db/run-event-store';
import { formatDuration } from '@godwit/pipeline/format-duration';

import { declarationOf } from '@godwit/pipeline/pipeline';
import { isDone, type StepFacts } from '@godwit/pipeline/run-facts';

const ENDING: Record<RunOutcome, NewRunEvent> = {
  Succeeded: { level: 'info', message: 'All is done; cleaning up' },
  Failed: { level: 'error', message: 'The run fails; cleaning up' },
  Cancelled: { level: 'warning', message: 'The run is cancelled; cleaning up' },
};

const ENDED: Record<RunOutcome, NewRunEvent> = {
  Succeeded: { level: 'info', message: 'The run succeeded' },
  Failed: { level: 'error', message: 'The run failed' },
  Cancelled: { level: 'warning', message: 'The run was cancelled' },
};

/** Lines of the run's log for what was decided. That a step begins is told by who does it. */
export const storyOf: Story = (command, steps, run) => {
  switch (command.type) {
    case 'retry-step':
      // One that starts again after the run was held has not failed just now.
      return aboutStep(
        steps,
        command.stepId,
        (step) =>
          step.state === 'Failed' && {
            level: 'warning',
            message: `failed (${step.failures} of at most ${declarationOf(step.name).maxFailures} times), is tried again in ${waitOf(command.notBefore)}`,
          },
      );
    case 'reclaim-step':
      return aboutStep(steps, command.stepId, () => ({
        level: 'warning',
        message: 'its worker does not answer any more; another one goes on with it',
      }));
    case 'hold': {
      const { error, until } = command;
      const keeps = `it keeps what it has until ${until.toISOString()}, to be retried or given up`;
      return [{ level: 'error', message: `The run failed and is held: ${keeps}${because(error)}`, data: error }];
    }
    case 'resume':
      return [{ level: 'info', message: 'The run is retried: what is done stays done' }, ...snapshotsApart(steps)];
    case 'begin-finishing': {
      const { outcome, error } = command;
      if (run.phase === 'Held') return [{ level: 'warning', message: `The run is given up${whyGivenUp(run)}; cleaning up` }];
      return [{ ...ENDING[outcome], message: `${ENDING[outcome].message}${because(error)}`, data: error }];
    }
    case 'finish': {
      const { phase, error } = command;
      const took = formatDuration(Date.now() - (run.startedAt ?? run.createdAt).getTime());
      const line = { ...ENDED[phase], message: `${ENDED[phase].message} after ${took}` };
      return error ? [{ level: 'warning', message: `Cleaning up failed: ${error.message}`, data: error }, line] : [line];
    }
    default:
      return [];
  }
};

function because(error: ErrorReport | undefined): string {
  return error ? `: ${[error.message, error.cure].filter(Boolean).join('. ')}` : '';
}

function whyGivenUp({ cancelRequestedAt }: { cancelRequestedAt: Date | null }): string {
  return cancelRequestedAt ? '' : ', as nobody retried it in time';
}

/** Volumes that belong together may not fit together any more. */
function snapshotsApart(steps: readonly StepFacts[]): NewRunEvent[] {
  const [cut = [], missing = []] = [true, false].map((done) =>
    steps.filter((step) => step.name === 'snapshot-volume' && isDone(step) === done),
  );
  if (cut.length === 0 || missing.length === 0) return [];
  const message =
    `The snapshots of ${cut.length} volumes are from before the failure, those of ${missing.length} are cut now: ` +
    'an application that writes to several of them may not find them at one moment. If it must, give up and run again';
  return [{ level: 'warning', message, step: 'snapshot-volume' }];
}

function aboutStep(
  steps: readonly StepFacts[],
  stepId: string,
  tell: (step: StepFacts) => Pick<NewRunEvent, 'level' | 'message'> | false,
): NewRunEvent[] {
  const step = steps.find((candidate) => candidate.id === stepId);
  const told = step && tell(step);
  return step && told ? [{ ...told, step: step.name, item: step.item }] : [];
}

function waitOf(notBefore: Date): string {
  return formatDuration(Math.max(0, notBefore.getTime() - Date.now()));
}
