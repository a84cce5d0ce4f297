import type { KubeClient } from '@godwit/kube/kube-client';
import { listIfServed } from '@godwit/kube/list-all';
import type { ResourceType } from '@godwit/kube/resource-type';
import { waitUntilGone } from '@godwit/kube/watch';

const GONE_TIMEOUT_MS = 120_000;

export interface Scope {
  labelSelector: string;
  namespace?: string;
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
  const objects = await listIfServed(client, type, { ...scope, signal });
  await Promise.all(
    objects.map(async ({ metadata: { namespace, name, uid } }) => {
      await client.delete(type, namespace, name, { uid, gracePeriodSeconds, signal });
      await waitUntilGone(client, type, namespace, name, { signal, timeoutMs: GONE_TIMEOUT_MS });
    }),
  );
  return objects.length;
}
