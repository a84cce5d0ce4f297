import type { SourceNode, SourceNodes } from '@godwit/contracts/destination-suggestion';
import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import type { KubeClient } from '@godwit/kube/kube-client';
import { listAll } from '@godwit/kube/list-all';
import { NODE } from '@godwit/kube/resource-type';
import { amountOf } from '../preflight/quantity.ts';

interface Node extends KubernetesObject {
  status?: { capacity?: Record<string, string>; nodeInfo?: { architecture?: string } };
}

/** The nodes of a cluster and its version, as far as they matter for one that is to be like it. */
export async function observeSourceNodes(client: KubeClient, signal: AbortSignal): Promise<SourceNodes> {
  const [{ gitVersion }, nodes] = await Promise.all([
    client.json<{ gitVersion: string }>('/version', { signal, what: 'asking for its version' }),
    listAll<Node>(client, NODE, { signal }),
  ]);
  return { version: gitVersion, nodes: nodes.map(toSourceNode) };
}

/** Pure: what matters of a node. */
export function toSourceNode({ metadata: { labels = {} }, status }: Node): SourceNode {
  const zone = labels['topology.kubernetes.io/zone'];
  return {
    cpus: amountOf(status?.capacity?.cpu),
    memoryGiB: amountOf(status?.capacity?.memory) / 2 ** 30,
    architecture: status?.nodeInfo?.architecture ?? labels['kubernetes.io/arch'] ?? 'amd64',
    ...(zone ? { zone } : {}),
    isControlPlane: 'node-role.kubernetes.io/control-plane' in labels,
  };
}
