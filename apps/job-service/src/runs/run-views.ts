import type { RunEventView, RunObjectView, RunSummary, RunView, StepView, VolumeView } from '@godwit/contracts/api';
import type { ObjectOutcome } from '@godwit/contracts/run';
import type { RunEvent } from '@godwit/db/run-event-store';
import type { RunObject } from '@godwit/db/run-object-store';
import type { StepOverview, VolumeOverview } from '@godwit/db/run-overview-store';
import type { StoredRun } from '@godwit/db/run-store';
import type { EstimatedTransfer } from '@godwit/pipeline/estimate-transfer';
import { runProgress } from '@godwit/pipeline/progress';

/** What is shown of a cluster that was forgotten after the run. */
const FORGOTTEN = '(forgotten cluster)';

export interface RunParts {
  run: StoredRun;
  /** Names of the registered clusters by their ids. */
  clusterNames: ReadonlyMap<string, string>;
  steps: readonly StepOverview[];
  volumes: readonly VolumeOverview[];
}

export function toRunSummary({ run, clusterNames, steps, volumes }: RunParts): RunSummary {
  const { id, kind, rollbackOfId, migrationId, definition, phase, error, cancelRequestedAt, createdAt, finishedAt } = run;
  const { heldUntil, retryRequestedAt, pausedAt } = run;
  const nameOf = (clusterId: string | undefined) => (clusterId && clusterNames.get(clusterId)) || FORGOTTEN;
  return {
    id,
    kind,
    ...(rollbackOfId ? { rollbackOf: rollbackOfId } : {}),
    ...(migrationId ? { migrationId } : {}),
    migrationName: definition.name,
    sourceCluster: nameOf(run.sourceClusterId),
    destinationCluster: nameOf(run.destinationClusterId),
    phase,
    progress: runProgress({ kind, phase, definition, steps, volumes }),
    ...(error ? { error } : {}),
    ...iso({ cancelRequestedAt, heldUntil, retryRequestedAt, pausedAt }),
    createdAt: createdAt.toISOString(),
    ...iso({ finishedAt }),
  };
}

export function toRunView(
  parts: RunParts,
  objects: Partial<Record<ObjectOutcome, number>>,
  estimated?: EstimatedTransfer,
): RunView {
  return {
    ...toRunSummary(parts),
    definition: parts.run.definition,
    steps: parts.steps.map(toStepView),
    volumes: parts.volumes.map((volume) => toVolumeView(volume, estimated?.volumes.get(volume.id))),
    objects,
    ...iso({ quiescedAt: parts.run.quiescedAt, readyAt: parts.run.readyAt }),
    ...downtime(parts.run),
    ...(estimated ? { estimate: { seconds: estimated.seconds, bytes: estimated.bytes, basis: estimated.basis } } : {}),
  };
}

function downtime({ quiescedAt, readyAt }: StoredRun): Pick<RunView, 'downtimeSeconds'> {
  return quiescedAt && readyAt ? { downtimeSeconds: (readyAt.getTime() - quiescedAt.getTime()) / 1000 } : {};
}

function toStepView({ runId: _runId, startedAt, finishedAt, ...step }: StepOverview): StepView {
  return { ...step, ...iso({ startedAt, finishedAt }) };
}

function toVolumeView({ runId: _runId, ...volume }: VolumeOverview, estimatedSeconds?: number): VolumeView {
  return estimatedSeconds === undefined ? volume : { ...volume, estimatedSeconds };
}

export function toRunEventView({ at, ...event }: RunEvent): RunEventView {
  return { ...event, at: at.toISOString() };
}

export function toRunObjectView({ uid: _uid, ...object }: RunObject): RunObjectView {
  return object;
}

/** Times that are there, as text. */
function iso<K extends string>(times: Record<K, Date | undefined>): Partial<Record<K, string>> {
  const there = Object.entries<Date | undefined>(times).filter((entry): entry is [string, Date] => entry[1] !== undefined);
  return Object.fromEntries(there.map(([name, time]) => [name, time.toISOString()])) as Partial<Record<K, string>>;
}
