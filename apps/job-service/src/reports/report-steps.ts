import type { MigrationDefinition } from '@godwit/contracts/migration-definition';
import type { ReportedStep } from '@godwit/contracts/report';
import type { RunKind } from '@godwit/contracts/run';
import type { AttemptOverview, StepOverview } from '@godwit/db/run-overview-store';
import type { StepDeclaration } from '@godwit/pipeline/pipeline';
import { stagesOf } from '@godwit/pipeline/progress';

export interface StepFacts {
  kind: RunKind;
  definition: MigrationDefinition;
  steps: readonly StepOverview[];
  attempts: readonly AttemptOverview[];
  /** `namespace/name` of volumes by their ids. */
  volumes: ReadonlyMap<string, string>;
}

/** Of each step; a run of thousands of volumes that all fail would else fill pages. */
const MOST_FAILURES = 20;

/** @returns the steps of a run in the order of its pipeline, those of all volumes together */
export function reportSteps(facts: StepFacts): ReportedStep[] {
  return stagesOf(facts.kind, facts.definition).map((stage) => reportStep(stage, facts));
}

function reportStep({ name, title, each }: StepDeclaration, { steps, attempts, volumes }: StepFacts): ReportedStep {
  const own = steps.filter((step) => step.name === name);
  const byId = new Map(own.map((step) => [step.id, step]));
  const tries = attempts.filter(({ stepId }) => byId.has(stepId));
  const starts = own.flatMap(({ startedAt }) => startedAt ?? []).map(Number);
  const ends = own.flatMap(({ finishedAt }) => finishedAt ?? []).map(Number);
  const outcome = outcomeOf(own);
  const [start, end] = [Math.min(...starts), Math.max(...ends)];
  const isOver = starts.length > 0 && outcome !== 'Unfinished' && ends.length > 0;
  const failed = tries.filter((attempt) => attempt.outcome && attempt.outcome !== 'Succeeded' && attempt.outcome !== 'Skipped');
  return {
    name,
    title,
    outcome,
    ...(each ? { volumes: own.length } : {}),
    ...(starts.length > 0 ? { startedAt: new Date(start).toISOString() } : {}),
    ...(isOver ? { finishedAt: new Date(end).toISOString(), seconds: (end - start) / 1000 } : {}),
    attempts: tries.length,
    failures: failed.slice(0, MOST_FAILURES).map((attempt) => {
      const volume = volumes.get(byId.get(attempt.stepId)!.item);
      return {
        at: (attempt.finishedAt ?? attempt.startedAt).toISOString(),
        attempt: attempt.attempt,
        ...(volume ? { volume } : {}),
        outcome: attempt.outcome!,
        ...(attempt.error ? { error: attempt.error } : {}),
      };
    }),
  };
}

function outcomeOf(steps: readonly StepOverview[]): ReportedStep['outcome'] {
  const has = (state: StepOverview['state']) => steps.some((step) => step.state === state);
  if (steps.length === 0) return 'NotReached';
  if (has('Ready') || has('Running')) return 'Unfinished';
  if (has('Failed')) return 'Failed';
  if (has('Cancelled')) return 'Cancelled';
  return has('Succeeded') ? 'Succeeded' : 'Skipped';
}
