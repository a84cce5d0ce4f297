import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { GODWIT_NAMESPACE, RUN_LABEL } from '@godwit/contracts/labels';
import { runSelector } from '@godwit/contracts/run-labels';
import type { KubeClient } from '@godwit/kube/kube-client';
import { listIfServed } from '@godwit/kube/list-all';
import { PERSISTENT_VOLUME, PERSISTENT_VOLUME_CLAIM, POD, SECRET } from '@godwit/kube/resource-type';
import { waitUntilGone } from '@godwit/kube/watch';
import { deleteLabelled } from './delete-labelled.ts';
import { type BoundVolume, mayBeDeleted } from './temporary-volume.ts';

const GONE_TIMEOUT_MS = 120_000;
const MOVER_GRACE_SECONDS = 5;

/** Takes away what a run has in our namespace: movers, their secrets, and claims with their volumes. */
export async function cleanWorkspace(client: KubeClient, runId: string, signal: AbortSignal): Promise<void> {
  const scope = { labelSelector: runSelector(runId), namespace: GODWIT_NAMESPACE };
  await deleteLabelled(client, POD, scope, signal, MOVER_GRACE_SECONDS);
  await deleteLabelled(client, SECRET, scope, signal);
  await markVolumes(client, runId, signal);
  await deleteLabelled(client, PERSISTENT_VOLUME_CLAIM, scope, signal);
  // By their label, not by their claims: an attempt that comes after finds those whose claim has gone already.
  const volumes = await listIfServed<BoundVolume>(client, PERSISTENT_VOLUME, { labelSelector: runSelector(runId), signal });
  await Promise.all(
    volumes
      .filter(mayBeDeleted)
      .map(({ metadata: { name } }) =>
        waitUntilGone(client, PERSISTENT_VOLUME, undefined, name, { signal, timeoutMs: GONE_TIMEOUT_MS }),
      ),
  );
}

/** A class may say Retain for its volumes; those of our claims are to go with them all the same. */
async function markVolumes(client: KubeClient, runId: string, signal: AbortSignal): Promise<void> {
  const scope = { labelSelector: runSelector(runId), namespace: GODWIT_NAMESPACE, signal };
  const claims = await listIfServed<KubernetesObject>(client, PERSISTENT_VOLUME_CLAIM, scope);
  for (const claim of claims) {
    const { volumeName } = claim.spec as { volumeName?: string };
    if (!volumeName) continue;
    const volume = await client.find<BoundVolume>(PERSISTENT_VOLUME, undefined, volumeName, signal);
    if (!volume || !mayBeDeleted(volume) || volume.spec.claimRef?.uid !== claim.metadata.uid) continue;
    const patch = { metadata: { labels: { [RUN_LABEL]: runId } }, spec: { persistentVolumeReclaimPolicy: 'Delete' } };
    await client.patch(PERSISTENT_VOLUME, undefined, volumeName, patch, signal);
  }
}
