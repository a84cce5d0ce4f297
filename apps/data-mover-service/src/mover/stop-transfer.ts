import type { MoverConfig } from '@godwit/contracts/mover-protocol';
import { RunStore } from '@godwit/db/run-store';
import type { ClaimedStep } from '@godwit/pipeline/step-ledger';
import { ClusterConnections } from '@godwit/step-kit/cluster-connections';
import { Injectable } from '@nestjs/common';
import { moverName } from './mover-manifests.ts';
import { removeMover } from './run-mover.ts';

/** Whoever cancels waits for this: a cluster that does not answer by then is left to the cleanup, or asked again. */
const TIMEOUT_MS = 5_000;

/** Takes the mover of a step away whose run is paused, held or ends, so that it neither takes bandwidth nor keeps credentials. */
@Injectable()
export class StopTransfer {
  constructor(
    private readonly runs: RunStore,
    private readonly clusters: ClusterConnections,
  ) {}

  /** @throws KubeRequestError if the cluster does not do so in time */
  async stop({ runId, item }: ClaimedStep, action: MoverConfig['action']): Promise<void> {
    const { sourceClusterId, destinationClusterId } = await this.runs.get(runId);
    const clusterId = action === 'copy' ? sourceClusterId : destinationClusterId;
    if (!clusterId) return;
    const client = await this.clusters.get(clusterId);
    await removeMover(client, moverName(item, action), AbortSignal.timeout(TIMEOUT_MS));
  }
}
