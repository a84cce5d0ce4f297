import { volumePrefix } from '@godwit/contracts/archive-layout';
import { FatalError } from '@godwit/contracts/errors';
import type { SnapshotOutput } from '@godwit/contracts/step-outputs';
import { RunStore } from '@godwit/db/run-store';
import { type RunVolume, VolumeStore } from '@godwit/db/volume-store';
import type { StepContext } from '@godwit/queue/step-worker';
import { ClusterConnections } from '@godwit/step-kit/cluster-connections';
import { RunLog } from '@godwit/step-kit/run-log';
import { Injectable } from '@nestjs/common';
import { type DeltaConfig, VolumeTransfer } from '../mover/volume-transfer.ts';
import { assertExposed } from './assert-exposed.ts';
import { isOfOneNode } from './attachment.ts';
import { nodesOf } from './observe-attachment.ts';

/** Source volume -> archive. */
@Injectable()
export class CopyVolumeHandler {
  constructor(
    private readonly runs: RunStore,
    private readonly volumes: VolumeStore,
    private readonly clusters: ClusterConnections,
    private readonly transfer: VolumeTransfer,
    private readonly log: RunLog,
  ) {}

  async handle(context: StepContext): Promise<object> {
    const { runId, item } = context.step;
    const [run, volume, snapshot] = await Promise.all([
      this.runs.get(runId),
      this.volumes.get(item),
      this.runs.stepOutput<SnapshotOutput>(runId, 'snapshot-volume', item),
    ]);
    if (!snapshot) throw new FatalError('SnapshotMissing', 'the run has no snapshot of this volume');
    const client = await this.clusters.get(run.sourceClusterId);
    await assertExposed(client, snapshot.claimName, context.signal);
    const { exposure, exposedReadOnly, accessModes } = volume.source;
    if (exposure === 'Live' && context.step.attempt > 1) {
      const claim = `PersistentVolumeClaim ${volume.namespace}/${volume.name}`;
      await this.log.warn(
        context.step,
        `${claim} is read live, and an earlier attempt may have read a part of it: its parts may not go together`,
      );
    }
    const isPinned = exposure === 'Live' && isOfOneNode(accessModes);
    const mount = {
      claimName: snapshot.claimName,
      readOnly: exposedReadOnly,
      ...(isPinned ? { nodes: await nodesOf(client, volume, context.signal) } : {}),
    };
    const delta = await this.delta(volume);
    const { bytesDone, digest } = await this.transfer.run(context, 'copy', client, run, volume, mount, delta);
    return { bytes: bytesDone, digest };
  }

  /** Of a staged migration: an index for the next stage, and what the one before has left. */
  private async delta({ staging }: RunVolume): Promise<DeltaConfig> {
    if (!staging) return {};
    const { last, base } = staging;
    if (!last || !base) return { index: true };
    const key = await this.runs.openArchiveKey(last.runId);
    const { volumeId } = last;
    return { index: true, base: { prefix: volumePrefix(last.runId, volumeId), volumeId, key: key.toString('base64') } };
  }
}
