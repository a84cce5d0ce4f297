import type { Finding } from '@godwit/contracts/findings';
import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import type { KubeClient } from '@godwit/kube/kube-client';
import { KubeRequestError } from '@godwit/kube/kube-error';
import type { ResourceType } from '@godwit/kube/resource-type';

/** Above so many namespaces one list of the whole cluster is cheaper than one for each. */
const LIST_EACH_UP_TO = 10;
const IN_FLIGHT = 8;

export interface Listed {
  objects: KubernetesObject[];
  findings: Finding[];
}

/** Lists namespaced kinds in the given namespaces. A kind that may not be listed is reported and left out. */
export async function listNamespaced(
  client: KubeClient,
  types: ResourceType[],
  namespaces: readonly string[],
  signal: AbortSignal,
): Promise<Listed> {
  const wanted = new Set(namespaces);
  const scopes = namespaces.length > LIST_EACH_UP_TO ? [undefined] : namespaces;
  const lists = types.flatMap((type) => scopes.map((namespace) => ({ type, namespace })));
  const listed = await listEach(client, lists, signal);
  return { ...listed, objects: listed.objects.filter(({ metadata }) => wanted.has(metadata.namespace ?? '')) };
}

/** Lists cluster-scoped kinds. */
export function listClusterScoped(client: KubeClient, types: ResourceType[], signal: AbortSignal): Promise<Listed> {
  return listEach(
    client,
    types.map((type) => ({ type, namespace: undefined })),
    signal,
  );
}

async function listEach(
  client: KubeClient,
  lists: { type: ResourceType; namespace: string | undefined }[],
  signal: AbortSignal,
): Promise<Listed> {
  const objects: KubernetesObject[] = [];
  const findings: Finding[] = [];
  const queue = [...lists];
  const worker = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      try {
        for await (const object of client.list(next.type, { namespace: next.namespace, signal })) objects.push(object);
      } catch (error) {
        const finding = whyLeftOut(error, next.type, client.clusterName);
        if (!finding) throw error;
        findings.push(finding);
      }
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  return { objects, findings };
}

/** @returns undefined if the list must be tried again rather than be left out */
function whyLeftOut(error: unknown, type: ResourceType, cluster: string): Finding | undefined {
  if (!(error instanceof KubeRequestError)) return undefined;
  const object = type.group ? `${type.plural}.${type.group}` : type.plural;
  if (error.status === 403) {
    return {
      severity: 'warning',
      reason: 'ListForbidden',
      cluster,
      object,
      message: `not captured: ${error.message}`,
      cure: error.cure,
    };
  }
  // Served by an aggregated API whose backend is gone, or removed since discovery.
  if (error.status === 404 || error.status === 405 || error.status === 503) {
    return { severity: 'warning', reason: 'ListFailed', cluster, object, message: `not captured: ${error.message}` };
  }
  return undefined;
}
