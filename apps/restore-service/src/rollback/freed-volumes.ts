import { setTimeout as sleep } from 'node:timers/promises';
import type { Finding } from '@godwit/contracts/findings';
import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import type { KubeClient } from '@godwit/kube/kube-client';
import { PERSISTENT_VOLUME } from '@godwit/kube/resource-type';
import { GONE_TIMEOUT_MS } from './rollback-context.ts';

const LOOK_EVERY_MS = 1_000;

interface Volume extends KubernetesObject {
  spec: { claimRef?: { uid?: string }; persistentVolumeReclaimPolicy?: string };
}

/**
 * Waits until the volumes of deleted claims are gone, and tells of those that stay.
 *
 * @param claims UIDs of the deleted claims
 */
export async function awaitFreedVolumes(
  client: KubeClient,
  claims: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<Finding[]> {
  const deadline = Date.now() + GONE_TIMEOUT_MS;
  for (;;) {
    const left = claims.size > 0 ? await volumesOf(client, claims, signal) : [];
    const isKept = ({ spec }: Volume) => spec.persistentVolumeReclaimPolicy === 'Retain';
    if (left.every(isKept) || Date.now() > deadline) {
      return left.map((volume) => (isKept(volume) ? kept(client, volume) : lingering(client, volume)));
    }
    await sleep(LOOK_EVERY_MS, undefined, { signal });
  }
}

async function volumesOf(client: KubeClient, claims: ReadonlySet<string>, signal: AbortSignal): Promise<Volume[]> {
  const found: Volume[] = [];
  for await (const volume of client.list<Volume>(PERSISTENT_VOLUME, { signal })) {
    if (claims.has(volume.spec.claimRef?.uid ?? '')) found.push(volume);
  }
  return found;
}

function kept({ clusterName }: KubeClient, { metadata: { name } }: Volume): Finding {
  return {
    severity: 'warning',
    reason: 'VolumeKept',
    object: `PersistentVolume ${name}`,
    cluster: clusterName,
    message: 'its claim is deleted, but its reclaim policy (Retain) keeps it with its data',
    cure: 'Delete it, and the storage behind it, if nobody needs the data.',
  };
}

function lingering({ clusterName }: KubeClient, { metadata: { name } }: Volume): Finding {
  return {
    severity: 'warning',
    reason: 'VolumeNotGone',
    object: `PersistentVolume ${name}`,
    cluster: clusterName,
    message: `its claim is deleted, but it is still there after ${GONE_TIMEOUT_MS / 1000} s`,
    cure: `See what its driver says: kubectl describe persistentvolume ${name}.`,
  };
}
