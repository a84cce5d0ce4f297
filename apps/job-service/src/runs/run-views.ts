import type {
  RunArchiveView,
  RunEventView,
  RunObjectView,
  RunSummary,
  RunView,
  StepView,
  VolumeView,
  WaitView,
} from '@godwit/contracts/api';
import type { ObjectOutcome } from '@godwit/contracts/run';
import type { RunEvent } from '@godwit/db/run-event-store';
import type { RunObject } from '@godwit/db/run-object-store';
import type { StepOverview, VolumeOverview } from '@godwit/db/run-overview-store';
import type { StoredRun } from '@godwit/db/run-store';
import type { Wait } from '@godwit/pipeline/admit-runs';
import type { EstimatedTransfer } from '@godwit/pipeline/estimate-transfer';
import { explainWait } from '@godwit/pipeline/explain-wait';
import { pipelineOf } from '@godwit/pipeline/pipeline';
import { runProgress } from '@godwit/pipeline/progress';
import { smoothedRate, type TransferSample } from '@godwit/pipeline/transfer-rate';
import { runTotals, totalsOf } from '@godwit/pipeline/transfer-totals';

/** What is shown of a cluster that was forgotten after the run. */
const FORGOTTEN = '(forgotten cluster)';

export interface RunParts {
  run: StoredRun;
  /** Names of the registered clusters by their ids. */
  clusterNames: ReadonlyMap<string, string>;
  /** Of a run in the queue. */
  wait?: Wait | undefined;
  steps: readonly StepOverview[];
  volumes: readonly VolumeOverview[];
  /** Of the last minute; none unless data moves. */
  samples: readonly TransferSample[];
}

/** What only the view of one run tells. */
export interface RunExtras {
  objectsTotal?: number | undefined;
  archive?: RunArchiveView | undefined;
  estimated?: EstimatedTransfer | undefined;
  rolledBackBy?: string | undefined;
}

export function toRunSummary(parts: RunParts): RunSummary {
  const { run, clusterNames, wait, steps, volumes } = parts;
  const { id, kind, rollbackOfId, migrationId, definition, phase, error, cancelRequestedAt, createdAt, finishedAt } = run;
  const { copy, restore } = transfersOf(parts);
  const transfer = runTotals(copy, restore);
  const { startAt, startedAt, heldUntil, retryRequestedAt, pausedAt } = run;
  const nameOf = (clusterId: string | undefined) => (clusterId && clusterNames.get(clusterId)) || FORGOTTEN;
  return {
    id,
    kind,
    ...(rollbackOfId ? { rollbackOf: rollbackOfId } : {}),
    ...(migrationId ? { migrationId } : {}),
    migrationName: definition.name,
    sourceCluster: nameOf(run.sourceClusterId),
    destinationCluster: comingName(run) ?? nameOf(run.destinationClusterId),
    phase,
    progress: runProgress({ kind, phase, definition, steps, volumes }),
    ...(transfer ? { transfer } : {}),
    ...(error ? { error } : {}),
    ...iso({ cancelRequestedAt, heldUntil, retryRequestedAt, pausedAt }),
    createdAt: createdAt.toISOString(),
    ...iso({ startAt, startedAt }),
    ...(run.scheduleId ? { scheduleId: run.scheduleId } : {}),
    ...(wait && phase === 'Queued' ? { waiting: toWaitView(wait, nameOf) } : {}),
    ...iso({ finishedAt }),
  };
}

function toWaitView(wait: Wait, nameOfCluster: (id: string) => string): WaitView {
  const position = 'position' in wait ? { position: wait.position } : {};
  return { reason: wait.for, ...position, message: explainWait(wait, nameOfCluster) };
}

/** @returns the name of a destination that is yet to be created */
function comingName({ destinationClusterId, definition: { destination } }: StoredRun): string | undefined {
  return destinationClusterId === undefined && destination.type !== 'Registered' ? destination.name : undefined;
}

export function toRunView(
  parts: RunParts,
  objects: Partial<Record<ObjectOutcome, number>>,
  { objectsTotal, archive, estimated, rolledBackBy }: RunExtras,
): RunView {
  return {
    ...toRunSummary(parts),
    definition: parts.run.definition,
    steps: parts.steps.map(toStepView),
    volumes: parts.volumes.map((volume) => toVolumeView(volume, estimated?.volumes.get(volume.id))),
    objects,
    ...iso({ quiescedAt: parts.run.quiescedAt, readyAt: parts.run.readyAt }),
    ...downtime(parts.run),
    ...(objectsTotal === undefined ? {} : { objectsTotal }),
    transfers: transfersOf(parts),
    ...(archive ? { archive } : {}),
    ...(estimated ? { estimate: { seconds: estimated.seconds, bytes: estimated.bytes, basis: estimated.basis } } : {}),
    ...(rolledBackBy ? { rolledBackBy } : {}),
  };
}

function downtime({ quiescedAt, readyAt }: StoredRun): Pick<RunView, 'downtimeSeconds'> {
  return quiescedAt && readyAt ? { downtimeSeconds: (readyAt.getTime() - quiescedAt.getTime()) / 1000 } : {};
}

/** How far both sides are; nothing of a run that moves no data. */
function transfersOf({ run, volumes, samples }: RunParts): RunView['transfers'] {
  if (!pipelineOf(run.kind).some(({ takesStreams }) => takesStreams)) return {};
  const copy = totalsOf(volumes, 'copy', smoothedRate(samples, 'copyBytes'));
  const restore = totalsOf(volumes, 'restore', smoothedRate(samples, 'restoreBytes'));
  return { ...(copy ? { copy } : {}), ...(restore ? { restore } : {}) };
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
