import type { RunOutcome } from '@godwit/contracts/run';
import type { Story } from '@godwit/db/advance-store';
import type { NewRunEvent } from '@godwit/db/run-event-store';
import { formatDuration } from '@godwit/pipeline/format-duration';
import type { StepFacts } from '@godwit/pipeline/next-commands';
import { declarationOf } from '@godwit/pipeline/pipeline';

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
      return aboutStep(steps, command.stepId, (step) => ({
        level: 'warning',
        message: `failed (${step.failures} of at most ${declarationOf(step.name).maxFailures} times), is tried again in ${waitOf(command.notBefore)}`,
      }));
    case 'reclaim-step':
      return aboutStep(steps, command.stepId, () => ({
        level: 'warning',
        message: 'its worker does not answer any more; another one goes on with it',
      }));
    case 'begin-finishing': {
      const { outcome, error } = command;
      if (!error) return [ENDING[outcome]];
      const because = [error.message, error.cure].filter(Boolean).join('. ');
      return [{ ...ENDING[outcome], message: `${ENDING[outcome].message}: ${because}`, data: error }];
    }
    case 'finish': {
      const { phase, error } = command;
      const took = formatDuration(Date.now() - run.createdAt.getTime());
      const line = { ...ENDED[phase], message: `${ENDED[phase].message} after ${took}` };
      return error ? [{ level: 'warning', message: `Cleaning up failed: ${error.message}`, data: error }, line] : [line];
    }
    default:
      return [];
  }
};

function aboutStep(
  steps: readonly StepFacts[],
  stepId: string,
  tell: (step: StepFacts) => Pick<NewRunEvent, 'level' | 'message'>,
): NewRunEvent[] {
  const step = steps.find((candidate) => candidate.id === stepId);
  return step ? [{ ...tell(step), step: step.name, item: step.item }] : [];
}

function waitOf(notBefore: Date): string {
  return formatDuration(Math.max(0, notBefore.getTime() - Date.now()));
}
