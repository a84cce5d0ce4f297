import { setTimeout as sleep } from 'node:timers/promises';
import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import type { KubeClient } from './kube-client.ts';
import { type ResourceType, resourcePath } from './resource-type.ts';
import { isConnectionLoss, RESTART_WAIT_MS, WATCH_SECONDS, watchEvents } from './watch.ts';

export type ListChange<T> =
  /** All objects that are there; what is not among them is gone. */
  { listed: T[] } | { changed: T } | { deleted: T };

/** All objects of a kind, then each change of one. Lists again after a loss. Ends only by the signal. */
export async function* observeList<T extends KubernetesObject>(
  client: KubeClient,
  type: ResourceType,
  { namespace, labelSelector }: { namespace?: string; labelSelector?: string },
  signal: AbortSignal,
): AsyncGenerator<ListChange<T>> {
  const path = resourcePath(type, namespace);
  const what = `watching ${type.plural}${namespace ? ` in ${namespace}` : ''}`;
  for (;;) {
    signal.throwIfAborted();
    const list = await client.json<{ metadata: { resourceVersion: string }; items: T[] }>(path, {
      query: { labelSelector },
      signal,
      what,
    });
    yield { listed: list.items };
    const { resourceVersion } = list.metadata;
    const query = { labelSelector, watch: true, resourceVersion, timeoutSeconds: WATCH_SECONDS };
    try {
      for await (const event of watchEvents<T>(client, path, query, signal, what)) {
        if (event.type === 'ERROR') break; // most often 410 Gone: list again
        if (event.type !== 'BOOKMARK') yield event.type === 'DELETED' ? { deleted: event.object } : { changed: event.object };
      }
    } catch (error) {
      signal.throwIfAborted();
      if (!isConnectionLoss(error)) throw error;
    }
    await sleep(RESTART_WAIT_MS, undefined, { signal });
  }
}
