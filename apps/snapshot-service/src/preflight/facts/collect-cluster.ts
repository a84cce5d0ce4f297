import type { ClusterStatus } from '@godwit/contracts/calls';
import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { GODWIT_NAMESPACE } from '@godwit/contracts/labels';
import { discover } from '@godwit/kube/discovery';
import type { KubeClient } from '@godwit/kube/kube-client';
import { CUSTOM_RESOURCE_DEFINITION, NAMESPACE, NODE, type ResourceType } from '@godwit/kube/resource-type';
import type { ClusterFacts, NamespaceFacts } from './facts.ts';
import { fullImageName } from './images.ts';
import { listReduced } from './list-reduced.ts';
import { observeControllers } from './observe-controllers.ts';
import { reduceDefinition, reduceNamespace, reduceNode } from './reduce.ts';
import { INGRESS_CLASS, PRIORITY_CLASS, RUNTIME_CLASS } from './types.ts';

/** What is looked at on either side, and its namespaces. */
export async function collectCluster(
  client: KubeClient,
  status: ClusterStatus,
  signal: AbortSignal,
): Promise<ClusterFacts & { allNamespaces: ReadonlyMap<string, NamespaceFacts> }> {
  const nodeImages = new Set<string>();
  const takeNode = (node: KubernetesObject) => {
    for (const image of imagesOf(node)) nodeImages.add(fullImageName(image));
    return reduceNode(node);
  };
  const names = async (type: ResourceType) =>
    new Set(await listReduced(client, type, undefined, ({ metadata }) => metadata.name, signal));
  const [discovery, nodes, definitions, controllers, namespaces, priority, ingress, runtime] = await Promise.all([
    discover(client, signal),
    listReduced(client, NODE, undefined, takeNode, signal),
    listReduced(client, CUSTOM_RESOURCE_DEFINITION, undefined, reduceDefinition, signal),
    observeControllers(client, signal),
    listReduced(client, NAMESPACE, undefined, reduceNamespace, signal),
    names(PRIORITY_CLASS),
    names(INGRESS_CLASS),
    names(RUNTIME_CLASS),
  ]);
  const allNamespaces = new Map((namespaces ?? []).map((namespace) => [namespace.name, namespace]));
  return {
    name: client.clusterName,
    status,
    discovery,
    nodes: nodes ?? [],
    nodeImages,
    definitions: definitions ?? [],
    controllers,
    workspace: allNamespaces.get(GODWIT_NAMESPACE),
    classes: { PriorityClass: priority, IngressClass: ingress, RuntimeClass: runtime },
    allNamespaces,
  };
}

/** The names under which a node holds images, digests included; an image may have none. */
function imagesOf({ status }: KubernetesObject): string[] {
  const { images = [] } = (status ?? {}) as { images?: { names?: string[] | null }[] };
  return images.flatMap(({ names }) => names ?? []);
}
