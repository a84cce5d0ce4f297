import { FatalError } from '@godwit/contracts/errors';
import type { RestoreOutput } from '@godwit/contracts/step-outputs';
import { ClusterLock } from '@godwit/db/cluster-lock';
import { RunStore } from '@godwit/db/run-store';
import { VolumeStore } from '@godwit/db/volume-store';
import { ensureObject } from '@godwit/kube/ensure-object';
import { ensureGodwitNamespace } from '@godwit/kube/godwit-namespace';
import { PERSISTENT_VOLUME_CLAIM } from '@godwit/kube/resource-type';
import type { StepContext } from '@godwit/queue/step-worker';
import { ArchiveAccess } from '@godwit/step-kit/archive-access';
import { ClusterConnections } from '@godwit/step-kit/cluster-connections';
import { Injectable } from '@nestjs/common';
import { VolumeTransfer } from '../mover/volume-transfer.ts';
import { assertArchived } from './assert-archived.ts';
import { buildDestinationClaim, destinationClaimName } from './destination-claim.ts';
import { RestoreStaged } from './restore-staged.ts';

/** Archive -> a volume of ours on the destination, beside the copy that still writes the archive. */
@Injectable()
export class RestoreVolumeHandler {
  constructor(
    private readonly runs: RunStore,
    private readonly volumes: VolumeStore,
    private readonly clusters: ClusterConnections,
    private readonly lock: ClusterLock,
    private readonly archives: ArchiveAccess,
    private readonly transfer: VolumeTransfer,
    private readonly staged: RestoreStaged,
  ) {}

  async handle(context: StepContext): Promise<RestoreOutput> {
    const { step, signal } = context;
    const [run, volume] = await Promise.all([this.runs.get(step.runId), this.volumes.get(step.item)]);
    const { destinationClusterId } = run;
    if (!destinationClusterId) throw new FatalError('NoDestination', 'the run has no destination cluster');
    const isCopied = await this.runs.stepOutput(run.id, 'copy-volume', step.item);
    if (isCopied) await assertArchived(this.archives, run, volume, signal);
    const client = await this.clusters.get(destinationClusterId);
    await this.lock.hold(destinationClusterId, () => ensureGodwitNamespace(client, signal));
    if (volume.staging && run.migrationId) return this.staged.restore(context, client, run, volume, volume.staging);
    await ensureObject(client, PERSISTENT_VOLUME_CLAIM, buildDestinationClaim(run.id, volume), signal);
    const claimName = destinationClaimName(volume.id);
    await this.transfer.run(context, 'restore', client, run, volume, { claimName });
    return { claimName };
  }
}
