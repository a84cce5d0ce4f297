import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { GODWIT_NAMESPACE, MIGRATION_LABEL } from '@godwit/contracts/labels';
import type { KubeClient } from '@godwit/kube/kube-client';
import { PERSISTENT_VOLUME, PERSISTENT_VOLUME_CLAIM } from '@godwit/kube/resource-type';
import { waitUntilGone } from '@godwit/kube/watch';
import { type BoundVolume, mayBeDeleted } from '../cleanup/temporary-volume.ts';

const GONE_TIMEOUT_MS = 120_000;

/** Deletes a staged claim with its volume, whatever its class says of the volumes that it makes, and waits until both are gone. */
export async function deleteStagedClaim(client: KubeClient, name: string, signal: AbortSignal): Promise<void> {
  const claim = await client.find<KubernetesObject>(PERSISTENT_VOLUME_CLAIM, GODWIT_NAMESPACE, name, signal);
  if (claim?.metadata.labels?.[MIGRATION_LABEL] === undefined) return;
  const { volumeName } = claim.spec as { volumeName?: string };
  const volume = volumeName ? await client.find<BoundVolume>(PERSISTENT_VOLUME, undefined, volumeName, signal) : undefined;
  const isOurs = volume !== undefined && mayBeDeleted(volume) && volume.spec.claimRef?.uid === claim.metadata.uid;
  if (isOurs) {
    const patch = { spec: { persistentVolumeReclaimPolicy: 'Delete' } };
    await client.patch(PERSISTENT_VOLUME, undefined, volume.metadata.name, patch, signal);
  }
  await client.delete(PERSISTENT_VOLUME_CLAIM, GODWIT_NAMESPACE, name, { uid: claim.metadata.uid, signal });
  const wait = { signal, timeoutMs: GONE_TIMEOUT_MS };
  await waitUntilGone(client, PERSISTENT_VOLUME_CLAIM, GODWIT_NAMESPACE, name, wait);
  if (isOurs) await waitUntilGone(client, PERSISTENT_VOLUME, undefined, volume.metadata.name, wait);
}
