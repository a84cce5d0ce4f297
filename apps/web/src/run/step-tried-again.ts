import type { RunView, StepView } from '@godwit/contracts/api';
import { declarationOf } from '@godwit/pipeline/pipeline';

type FailedStep = StepView & { error: NonNullable<StepView['error']> };

/** @returns the first step of a run that has failed and is tried again; when the run ends, only of what it still has to do */
export function stepTriedAgain({ phase, steps }: Pick<RunView, 'phase' | 'steps'>): FailedStep | undefined {
  if (phase !== 'Running' && phase !== 'Finishing') return undefined;
  return steps.filter(hasFailed).find(({ name, state, error }) => {
    if (error.kind !== 'retryable' || state === 'Succeeded') return false;
    const { always, undoes } = declarationOf(name);
    // One that has failed for good stays Failed.
    return phase === 'Running' || ((always || undoes) && (state === 'Ready' || state === 'Running'));
  });
}

function hasFailed(step: StepView): step is FailedStep {
  return step.error !== undefined;
}
