import { FatalError } from '@godwit/contracts/errors';
import { GODWIT_NAMESPACE } from '@godwit/contracts/labels';
import type { SnapshotOutput } from '@godwit/contracts/step-outputs';
import { ClusterLock } from '@godwit/db/cluster-lock';
import { RunStore } from '@godwit/db/run-store';
import { type RunVolume, VolumeStore } from '@godwit/db/volume-store';
import { ensureObject } from '@godwit/kube/ensure-object';
import { ensureGodwitNamespace } from '@godwit/kube/godwit-namespace';
import type { KubeClient } from '@godwit/kube/kube-client';
import { PERSISTENT_VOLUME_CLAIM, VOLUME_SNAPSHOT, VOLUME_SNAPSHOT_CONTENT } from '@godwit/kube/resource-type';
import type { StepContext } from '@godwit/queue/step-worker';
import { ClusterConnections } from '@godwit/step-kit/cluster-connections';
import { RunLog } from '@godwit/step-kit/run-log';
import { Injectable } from '@nestjs/common';
import { bytesOf } from '../preflight/quantity.ts';
import { exposeLive } from './expose-live.ts';
import { removeFailedSnapshot } from './remove-failed-snapshot.ts';
import {
  buildExposedClaim,
  buildReboundContent,
  buildReboundSnapshot,
  buildUserSnapshot,
  exposureName,
  type SnapshotContent,
} from './snapshot-manifests.ts';
import { waitUntilReady } from './wait-for-snapshot.ts';

/**
 * Lets a mover read what a claim holds. Of most it cuts a snapshot and exposes it in our namespace, so that the user's namespace sees neither a pod nor a claim
 * of ours: the snapshot is bound a second time there. The first binding stays until cleanup: to wait for its end here would
 * only keep the copy waiting.
 * Each line is an `ensure`: after a crash another worker goes on where this one was.
 */
@Injectable()
export class SnapshotVolumeHandler {
  constructor(
    private readonly runs: RunStore,
    private readonly volumes: VolumeStore,
    private readonly clusters: ClusterConnections,
    private readonly lock: ClusterLock,
    private readonly log: RunLog,
  ) {}

  async handle({ step, signal }: StepContext): Promise<SnapshotOutput> {
    const run = await this.runs.get(step.runId);
    const volume = await this.volumes.get(step.item);
    const client = await this.clusters.get(run.sourceClusterId);
    const timeoutMs = run.definition.copy.snapshotTimeoutSeconds * 1000;
    const startedAt = Date.now();
    const name = exposureName(volume.id);

    await this.lock.hold(run.sourceClusterId, () => ensureGodwitNamespace(client, signal));
    if (volume.source.exposure === 'Live') {
      await exposeLive(client, run.id, volume, signal);
      await this.log.info(step, `${volume.namespace}/${volume.name} is read live: a second handle on its volume is mounted`);
      return { claimName: name };
    }
    if (!(await client.find(VOLUME_SNAPSHOT_CONTENT, undefined, name, signal))) {
      if (step.attempt > 1) await removeFailedSnapshot(client, volume.namespace, name, signal);
      await this.cutAndRebind(client, run.id, volume, timeoutMs, signal);
    }
    await ensureObject(client, VOLUME_SNAPSHOT, buildReboundSnapshot(run.id, volume), signal);
    const rebound = await waitUntilReady(client, GODWIT_NAMESPACE, name, timeoutMs, signal);
    const restoreSize = rebound.status?.restoreSize;
    const size = bytesOf(restoreSize) > bytesOf(volume.source.requestedStorage) ? restoreSize! : volume.source.requestedStorage;
    await ensureObject(client, PERSISTENT_VOLUME_CLAIM, buildExposedClaim(run.id, volume, size), signal);

    const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
    await this.log.info(step, `Cut a snapshot of ${volume.namespace}/${volume.name} in ${seconds} s`);
    return { claimName: name };
  }

  private async cutAndRebind(
    client: KubeClient,
    runId: string,
    volume: RunVolume,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<void> {
    await ensureObject(client, VOLUME_SNAPSHOT, buildUserSnapshot(runId, volume), signal);
    const snapshot = await waitUntilReady(client, volume.namespace, exposureName(volume.id), timeoutMs, signal);
    const contentName = snapshot.status!.boundVolumeSnapshotContentName!;
    const content = await client.patch<SnapshotContent>(
      VOLUME_SNAPSHOT_CONTENT,
      undefined,
      contentName,
      // The label lets cleanup find it should this worker die now.
      { metadata: { labels: snapshot.metadata.labels }, spec: { deletionPolicy: 'Retain' } },
      signal,
    );
    const { driver, sourceVolumeMode } = content.spec;
    const snapshotHandle = content.status?.snapshotHandle;
    if (!snapshotHandle) {
      throw new FatalError(
        'SnapshotWithoutHandle',
        `cluster "${client.clusterName}": VolumeSnapshotContent ${contentName} is ready but names no snapshot`,
        {
          cure: "This is a fault of the volume's CSI driver: update it.",
        },
      );
    }
    await ensureObject(
      client,
      VOLUME_SNAPSHOT_CONTENT,
      buildReboundContent(runId, volume, { driver, sourceVolumeMode, snapshotHandle }),
      signal,
    );
  }
}
