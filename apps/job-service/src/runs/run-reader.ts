import type { RunArchiveView, RunSummary, RunView } from '@godwit/contracts/api';
import { isMigrating, type RunKind } from '@godwit/contracts/run';
import type { CaptureOutput } from '@godwit/contracts/step-outputs';
import { ClusterStore } from '@godwit/db/cluster-store';
import { ObjectStoreStore } from '@godwit/db/object-store-store';
import { RunObjectStore } from '@godwit/db/run-object-store';
import { RunOverviewStore, type VolumeOverview } from '@godwit/db/run-overview-store';
import { RunQueueStore } from '@godwit/db/run-queue-store';
import { RunSampleStore } from '@godwit/db/run-sample-store';
import { type RunFilter, RunStore, type StoredRun } from '@godwit/db/run-store';
import { TransferHistoryStore } from '@godwit/db/transfer-history-store';
import type { RunLimits, Wait } from '@godwit/pipeline/admit-runs';
import { type EstimatedTransfer, estimateTransfer } from '@godwit/pipeline/estimate-transfer';
import { RATE_WINDOW_MS, type TransferSample } from '@godwit/pipeline/transfer-rate';
import { Inject, Injectable } from '@nestjs/common';
import { RUN_LIMITS } from '../run-queue/run-limits.ts';
import { toRunArchiveView } from './run-archive-view.ts';
import { toRunSummary, toRunView } from './run-views.ts';

/** Kinds of run that only take away what others made. */
const WITHOUT_ARCHIVE: readonly RunKind[] = ['Rollback', 'DiscardStaging'];

/** Reads what the API shows of runs. */
@Injectable()
export class RunReader {
  constructor(
    private readonly runs: RunStore,
    private readonly clusters: ClusterStore,
    private readonly stores: ObjectStoreStore,
    private readonly overview: RunOverviewStore,
    private readonly objects: RunObjectStore,
    private readonly history: TransferHistoryStore,
    private readonly samples: RunSampleStore,
    private readonly queue: RunQueueStore,
    @Inject(RUN_LIMITS) private readonly limits: RunLimits,
  ) {}

  async list(organisationId: string, filter: RunFilter): Promise<RunSummary[]> {
    return this.summaries(organisationId, await this.runs.list(organisationId, filter));
  }

  async summaryOf(organisationId: string, run: StoredRun): Promise<RunSummary> {
    const [summary] = await this.summaries(organisationId, [run]);
    return summary!;
  }

  /** @returns undefined if the organisation has no such run */
  async view(organisationId: string, runId: string): Promise<RunView | undefined> {
    const run = await this.runs.find(organisationId, runId);
    if (!run) return undefined;
    const [clusterNames, waits, steps, volumes, samples, objects, captured, archive, rolledBackBy] = await Promise.all([
      this.clusterNames(organisationId),
      this.waits([run]),
      this.overview.steps([runId]),
      this.overview.volumes([runId]),
      this.recentSamples([run]),
      this.objects.countByOutcome(runId),
      this.runs.stepOutput<CaptureOutput>(runId, 'capture-resources'),
      WITHOUT_ARCHIVE.includes(run.kind) ? undefined : this.archiveOf(run),
      isMigrating(run.kind) ? this.runs.rolledBackBy(runId) : undefined,
    ]);
    const parts = { run, clusterNames, wait: waits.get(runId), steps, volumes, samples: samples.get(runId) ?? [] };
    const estimated = await this.estimate(run, volumes);
    return toRunView(parts, objects, { objectsTotal: captured?.objects, archive, estimated, rolledBackBy });
  }

  async archiveOf(run: StoredRun): Promise<RunArchiveView> {
    const { organisationId, storage } = run;
    const isRegistered = storage.type === 'ObjectStore';
    const store = isRegistered ? await this.stores.find(organisationId, storage.objectStoreId) : undefined;
    return toRunArchiveView(run, store, new Date());
  }

  /** @returns undefined unless it is a preview that has volumes to move */
  private async estimate(run: StoredRun, volumes: readonly VolumeOverview[]): Promise<EstimatedTransfer | undefined> {
    const moved = volumes.filter(({ skipReason }) => !skipReason);
    if (run.kind !== 'Preview' || moved.length === 0) return undefined;
    const earlier = await this.history.finishedCopies(run.organisationId, run.sourceClusterId, run.storage);
    const claimOf = ({ namespace, name }: { namespace: string; name: string }) => `${namespace}/${name}`;
    return estimateTransfer(
      moved.map((volume) => ({ id: volume.id, claim: claimOf(volume), capacityBytes: volume.capacityBytes })),
      run.definition.copy,
      earlier.map(({ copy, ...volume }) => ({ claim: claimOf(volume), copy })),
    );
  }

  private async summaries(organisationId: string, runs: StoredRun[]): Promise<RunSummary[]> {
    const ids = runs.map(({ id }) => id);
    const [clusterNames, waits, steps, volumes, samples] = await Promise.all([
      this.clusterNames(organisationId),
      this.waits(runs),
      this.overview.steps(ids),
      this.overview.volumes(ids),
      this.recentSamples(runs),
    ]);
    const [stepsOf, volumesOf] = [Map.groupBy(steps, ({ runId }) => runId), Map.groupBy(volumes, ({ runId }) => runId)];
    return runs.map((run) =>
      toRunSummary({
        run,
        clusterNames,
        wait: waits.get(run.id),
        steps: stepsOf.get(run.id) ?? [],
        volumes: volumesOf.get(run.id) ?? [],
        samples: samples.get(run.id) ?? [],
      }),
    );
  }

  private async waits(runs: readonly StoredRun[]): Promise<ReadonlyMap<string, Wait>> {
    return runs.some(({ phase }) => phase === 'Queued') ? this.queue.waits(this.limits) : new Map();
  }

  /** What the present rates of runs are taken from; of those that move nothing any more there is none. */
  private recentSamples(runs: readonly StoredRun[]): Promise<Map<string, TransferSample[]>> {
    const moving = runs.filter(({ phase }) => phase === 'Running').map(({ id }) => id);
    return this.samples.since(moving, new Date(Date.now() - RATE_WINDOW_MS));
  }

  private async clusterNames(organisationId: string): Promise<Map<string, string>> {
    return new Map((await this.clusters.list(organisationId)).map(({ id, name }) => [id, name]));
  }
}
