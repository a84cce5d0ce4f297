import { FatalError } from '@godwit/contracts/errors';
import { ClusterStore } from '@godwit/db/cluster-store';
import { KubeClient } from '@godwit/kube/kube-client';
import { checkKubeconfig } from '@godwit/kube/kubeconfig';
import { AddressGuard } from '@godwit/service-kit/address-guard';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';

/** A token is renewed minutes before it ends. */
const LOOK_BEFORE_MS = 5 * 60_000;
const LOOK_AGAIN_MS = 1_000;

interface Connection {
  kubeconfig: string;
  client: KubeClient;
}

/** Clients of registered clusters, one for each as long as its kubeconfig stays the same. */
@Injectable()
export class ClusterConnections implements OnModuleDestroy {
  private readonly connections = new Map<string, Connection>();

  constructor(
    private readonly clusters: ClusterStore,
    private readonly guard: AddressGuard,
  ) {}

  /** @throws FatalError; AddressRefused if the cluster must not be reached from here */
  async get(clusterId: string): Promise<KubeClient> {
    const opened = await this.clusters.openKubeconfig(clusterId);
    if (!opened) {
      throw new FatalError('ClusterNotRegistered', 'the cluster is not registered any more', {
        cure: 'Register it again and edit the migration.',
      });
    }
    const known = this.connections.get(clusterId);
    if (known?.kubeconfig === opened.kubeconfig && known.client.clusterName === opened.name) return known.client;
    const checked = checkKubeconfig(opened.kubeconfig);
    if (!checked.ok) {
      throw new FatalError(
        'KubeconfigRefused',
        `the kubeconfig of cluster "${opened.name}" is refused: ${checked.problems[0]?.message}`,
      );
    }
    const tokens = opened.expiresAt && this.tokens(clusterId, opened.expiresAt);
    const client = new KubeClient(checked.kubeconfig, opened.name, tokens, this.guard);
    this.connections.set(clusterId, { kubeconfig: opened.kubeconfig, client });
    // The one before may still serve a step: its idle connections end by themselves.
    return client;
  }

  /** The token of a cluster that was created: provisioner-service renews it in the cluster's row, before it ends. */
  private tokens(clusterId: string, firstEnds: Date): () => Promise<string | undefined> {
    let [token, endsAt, askedAt]: [string | undefined, Date, number] = [undefined, firstEnds, 0];
    return async () => {
      const now = Date.now();
      if (endsAt.getTime() - now > LOOK_BEFORE_MS || now - askedAt < LOOK_AGAIN_MS) return token;
      askedAt = now;
      const opened = await this.clusters.openKubeconfig(clusterId);
      const checked = opened && checkKubeconfig(opened.kubeconfig);
      if (!checked?.ok) return token;
      endsAt = opened?.expiresAt ?? endsAt;
      token = checked.kubeconfig.getCurrentUser()?.token;
      return token;
    };
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all([...this.connections.values()].map(({ client }) => client.close()));
  }
}
