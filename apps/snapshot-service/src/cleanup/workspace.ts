import { ClusterLock } from '@godwit/db/cluster-lock';
import { RunStore } from '@godwit/db/run-store';
import { deleteGodwitNamespace } from '@godwit/kube/godwit-namespace';
import type { KubeClient } from '@godwit/kube/kube-client';
import { Injectable } from '@nestjs/common';

/** Our namespace in the clusters, which goes with the last run that is there. */
@Injectable()
export class Workspace {
  constructor(
    private readonly runs: RunStore,
    private readonly lock: ClusterLock,
  ) {}

  /** To be called when nothing of the run is left in the cluster. */
  async leave(client: KubeClient, clusterId: string, runId: string, signal: AbortSignal): Promise<void> {
    await this.lock.hold(clusterId, async () => {
      await this.runs.leaveCluster(clusterId, runId);
      const others = await this.runs.countOthersOn(clusterId, runId);
      if (others === 0) await deleteGodwitNamespace(client, signal);
    });
  }
}
