import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import type { KubeClient } from '@godwit/kube/kube-client';
import { PERSISTENT_VOLUME } from '@godwit/kube/resource-type';

interface Volume extends KubernetesObject {
  spec: { claimRef?: { uid?: string }; persistentVolumeReclaimPolicy?: string };
}

/**
 * Names of the volumes that their reclaim policy keeps though their claims were deleted.
 *
 * @param claims UIDs of the deleted claims
 */
export async function keptVolumes(client: KubeClient, claims: ReadonlySet<string>, signal: AbortSignal): Promise<string[]> {
  const kept: string[] = [];
  if (claims.size === 0) return kept;
  for await (const { metadata, spec } of client.list<Volume>(PERSISTENT_VOLUME, { signal })) {
    const isOfClaim = spec.claimRef?.uid !== undefined && claims.has(spec.claimRef.uid);
    if (isOfClaim && spec.persistentVolumeReclaimPolicy === 'Retain') kept.push(metadata.name);
  }
  return kept;
}
