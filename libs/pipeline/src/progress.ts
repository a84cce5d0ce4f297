import type { MigrationDefinition } from '@godwit/contracts/migration-definition';
import {
  isFinished,
  type RunKind,
  type RunPhase,
  type StepName,
  type StepState,
  type TransferProgress,
} from '@godwit/contracts/run';
import { pipelineOf, type StepDeclaration } from './pipeline.ts';

export interface ProgressFacts {
  kind: RunKind;
  phase: RunPhase;
  definition: MigrationDefinition;
  steps: readonly { name: StepName; item: string; state: StepState }[];
  volumes: readonly {
    id: string;
    capacityBytes: number;
    skipReason?: string | undefined;
    copy?: TransferProgress | undefined;
    restore?: TransferProgress | undefined;
  }[];
}

/**
 * The steps that are drawn for a run of this kind and definition, in their order.
 *
 * @param steps of the run: what only runs that do not succeed have is drawn when it is there
 */
export function stagesOf(
  kind: RunKind,
  definition: MigrationDefinition,
  steps: readonly { name: StepName }[] = [],
): readonly StepDeclaration[] {
  return pipelineOf(kind).filter(
    ({ name, when, onlyWhenUnsuccessful }) =>
      (when?.(definition) ?? true) && (!onlyWhenUnsuccessful || steps.some((step) => step.name === name)),
  );
}

/** @returns how much of a stage is done, 0 to 1; of one that moves data, by bytes */
export function stageProgress(stage: StepDeclaration, facts: ProgressFacts): number {
  if (!stage.each) return isDone(facts, stage.name, '') ? 1 : 0;
  if (!isDone(facts, 'preflight', '')) return 0;
  let [done, all] = [0, 0];
  for (const volume of facts.volumes) {
    if (volume.skipReason !== undefined) continue;
    const transfer = stage.takesStreams ? volume[stage.name === 'copy-volume' ? 'copy' : 'restore'] : undefined;
    const size = stage.takesStreams ? Math.max(1, transfer?.bytesTotal ?? volume.capacityBytes) : 1;
    all += size;
    done += isDone(facts, stage.name, volume.id) ? size : Math.min(size, transfer?.bytesDone ?? 0);
  }
  return all === 0 ? 1 : done / all;
}

/** @returns how much of a run is done, 0 to 1: the mean of its stages without the cleanup, 1 only when it succeeded */
export function runProgress(facts: ProgressFacts): number {
  if (facts.phase === 'Succeeded') return 1;
  const stages = stagesOf(facts.kind, facts.definition).filter((stage) => !stage.always);
  const mean = stages.reduce((sum, stage) => sum + stageProgress(stage, facts), 0) / stages.length;
  return isFinished(facts.phase) ? Math.min(mean, 0.99) : mean;
}

function isDone({ steps }: ProgressFacts, name: StepName, item: string): boolean {
  return steps.some(
    (step) => step.name === name && step.item === item && (step.state === 'Succeeded' || step.state === 'Skipped'),
  );
}
