import { runSelector } from '@godwit/contracts/run-labels';
import type { KubeClient } from '@godwit/kube/kube-client';
import { listIfServed } from '@godwit/kube/list-all';
import { PERSISTENT_VOLUME } from '@godwit/kube/resource-type';
import { waitUntilGone } from '@godwit/kube/watch';
import { type BoundVolume, isSecondHandle } from './temporary-volume.ts';

const GONE_TIMEOUT_MS = 60_000;
/** Of a driver's attacher: it lets go of a volume when nothing is attached by its name. */
const ATTACHED = /^external-attacher\//;

/**
 * Deletes our second handles on users' volumes, as objects: their policy is Retain, and no provisioner knows them. To be called
 * when the claims that they were bound to are gone.
 *
 * A pod of the user's that started while our mover ran may have its volume attached by our handle's name. Then Kubernetes takes
 * the handle away when that pod ends; until then it waits, marked as deleted, and nobody has to.
 */
export async function dropSecondHandles(client: KubeClient, runId: string, signal: AbortSignal): Promise<void> {
  const volumes = await listIfServed<BoundVolume>(client, PERSISTENT_VOLUME, { labelSelector: runSelector(runId), signal });
  await Promise.all(
    volumes.filter(isSecondHandle).map(async ({ metadata: { name, uid } }) => {
      await client.delete(PERSISTENT_VOLUME, undefined, name, { uid, signal });
      await waitUntilGone(client, PERSISTENT_VOLUME, undefined, name, { signal, timeoutMs: GONE_TIMEOUT_MS }).catch(
        async (error) => {
          signal.throwIfAborted();
          const left = await client.find<BoundVolume>(PERSISTENT_VOLUME, undefined, name, signal);
          if (left && !isOnlyAttached(left)) throw error;
        },
      );
    }),
  );
}

function isOnlyAttached({ metadata: { deletionTimestamp, finalizers = [] } }: BoundVolume): boolean {
  return deletionTimestamp !== undefined && finalizers.every((finalizer) => ATTACHED.test(finalizer));
}
