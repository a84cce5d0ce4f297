import { FatalError } from '@godwit/contracts/errors';
import { GODWIT_NAMESPACE } from '@godwit/contracts/labels';
import type { RestoreOutput } from '@godwit/contracts/step-outputs';
import type { VolumeStaging } from '@godwit/contracts/volume-staging';
import type { StoredRun } from '@godwit/db/run-store';
import { StagedVolumeStore, type StagingTask } from '@godwit/db/staged-volume-store';
import type { RunVolume } from '@godwit/db/volume-store';
import { ensureObject } from '@godwit/kube/ensure-object';
import type { KubeClient } from '@godwit/kube/kube-client';
import { PERSISTENT_VOLUME_CLAIM } from '@godwit/kube/resource-type';
import type { StepContext } from '@godwit/queue/step-worker';
import { Injectable } from '@nestjs/common';
import { VolumeTransfer } from '../mover/volume-transfer.ts';
import { buildStagedClaim } from './destination-claim.ts';

/**
 * Archive -> a volume that outlives the run, changed in place. From before its claim is made or changed until after all is laid,
 * Postgres tells that nobody knows what it holds: a run that ends in between is followed by one that copies everything.
 */
@Injectable()
export class RestoreStaged {
  constructor(
    private readonly staged: StagedVolumeStore,
    private readonly transfer: VolumeTransfer,
  ) {}

  /** @throws FatalError `StagedVolumeGone`; RetryableError `StepLost` if it is done by another worker since */
  async restore(
    context: StepContext,
    client: KubeClient,
    run: StoredRun,
    volume: RunVolume,
    { claimName, base }: VolumeStaging,
  ): Promise<RestoreOutput> {
    const { step, signal } = context;
    const { migrationId, destinationClusterId } = run;
    const task: StagingTask = {
      step,
      run: { ...run, migrationId: migrationId!, destinationClusterId: destinationClusterId! },
      volume,
      claimName,
    };
    const row = await this.staged.begin(task);
    if (base) await this.refuseOther(client, claimName, row.claimUid, signal);
    const claim = await ensureObject(
      client,
      PERSISTENT_VOLUME_CLAIM,
      buildStagedClaim(migrationId!, claimName, volume.source),
      signal,
    );
    await this.staged.noteClaim(row.id, task, claim.metadata.uid ?? '');
    const delta = base ? { holds: base } : {};
    const progress = await this.transfer.run(context, 'restore', client, run, volume, { claimName }, delta);
    await this.staged.complete(row.id, task, progress);
    return { claimName };
  }

  /** What changed is only laid onto the very volume that has all the rest. */
  private async refuseOther(client: KubeClient, name: string, uid: string | undefined, signal: AbortSignal): Promise<void> {
    const claim = await client.find(PERSISTENT_VOLUME_CLAIM, GODWIT_NAMESPACE, name, signal);
    if (claim && claim.metadata.uid === uid) return;
    const object = `PersistentVolumeClaim ${GODWIT_NAMESPACE}/${name}`;
    throw new FatalError(
      'StagedVolumeGone',
      `cluster "${client.clusterName}": ${object}, whose volume was filled by earlier stages, is ${claim ? 'another one' : 'gone'} since preflight`,
      {
        subject: { cluster: client.clusterName, object },
        cure: 'Somebody deleted it: start the run again, which then copies all of the volume.',
      },
    );
  }
}
