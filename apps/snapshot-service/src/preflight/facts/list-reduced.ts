import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import type { KubeClient } from '@godwit/kube/kube-client';
import { KubeRequestError } from '@godwit/kube/kube-error';
import type { ResourceType } from '@godwit/kube/resource-type';

/** Above so many namespaces one list of the whole cluster is cheaper than one for each. */
const LIST_EACH_UP_TO = 10;

/**
 * Lists a kind and keeps of each object only what `reduce` makes of it, so that no more than a page is ever held whole.
 *
 * @param namespaces only these; undefined: the whole cluster
 * @returns undefined where the kind may not be listed; nothing where it is not served
 */
export async function listReduced<T>(
  client: KubeClient,
  type: ResourceType,
  namespaces: readonly string[] | undefined,
  reduce: (object: KubernetesObject) => T | undefined,
  signal: AbortSignal,
): Promise<T[] | undefined> {
  const wanted = namespaces && new Set(namespaces);
  const scopes = namespaces && namespaces.length <= LIST_EACH_UP_TO ? namespaces : [undefined];
  const kept: T[] = [];
  const listOne = async (namespace: string | undefined) => {
    for await (const object of client.list(type, { namespace, signal })) {
      if (wanted && !wanted.has(object.metadata.namespace ?? '')) continue;
      const reduced = reduce(object);
      if (reduced !== undefined) kept.push(reduced);
    }
  };
  try {
    await Promise.all(scopes.map(listOne));
    return kept;
  } catch (error) {
    if (error instanceof KubeRequestError && error.status === 403) return undefined;
    if (error instanceof KubeRequestError && error.status === 404) return [];
    throw error;
  }
}
