import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import type { KubeClient } from '@godwit/kube/kube-client';
import { KubeRequestError } from '@godwit/kube/kube-error';
import type { ResourceType } from '@godwit/kube/resource-type';
import { waitUntilGone } from '@godwit/kube/watch';

const GONE_TIMEOUT_MS = 120_000;

export interface Scope {
  labelSelector: string;
  namespace?: string;
}

/** Objects with our labels; none of a kind that the cluster does not serve. */
export async function listLabelled<T extends KubernetesObject>(
  client: KubeClient,
  type: ResourceType,
  scope: Scope,
  signal: AbortSignal,
): Promise<T[]> {
  try {
    return await Array.fromAsync(client.list<T>(type, { ...scope, signal }));
  } catch (error) {
    if (error instanceof KubeRequestError && error.status === 404) return [];
    throw error;
  }
}

/**
 * Deletes all objects of a kind with our labels and waits until they are gone.
 *
 * @returns how many there were
 */
export async function deleteLabelled(
  client: KubeClient,
  type: ResourceType,
  scope: Scope,
  signal: AbortSignal,
  gracePeriodSeconds?: number,
): Promise<number> {
  const objects = await listLabelled(client, type, scope, signal);
  await Promise.all(
    objects.map(async ({ metadata: { namespace, name, uid } }) => {
      await client.delete(type, namespace, name, { uid, gracePeriodSeconds, signal });
      await waitUntilGone(client, type, namespace, name, { signal, timeoutMs: GONE_TIMEOUT_MS });
    }),
  );
  return objects.length;
}
