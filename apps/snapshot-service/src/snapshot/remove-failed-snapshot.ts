import type { KubeClient } from '@godwit/kube/kube-client';
import { KubeRequestError } from '@godwit/kube/kube-error';
import { VOLUME_SNAPSHOT, VOLUME_SNAPSHOT_CONTENT } from '@godwit/kube/resource-type';
import { waitUntilGone } from '@godwit/kube/watch';
import { whileNudging } from './nudge-snapshotter.ts';
import type { Snapshot } from './snapshot-manifests.ts';

const GONE_TIMEOUT_MS = 60_000;

/**
 * Takes away a snapshot that an earlier attempt could not cut: the driver tries it again ever more rarely, and with what its
 * class said then. One that is still being cut, or is ready, stays.
 */
export async function removeFailedSnapshot(
  client: KubeClient,
  namespace: string,
  name: string,
  signal: AbortSignal,
): Promise<void> {
  const found = await client.find<Snapshot>(VOLUME_SNAPSHOT, namespace, name, signal);
  if (!found || found.status?.readyToUse || !found.status?.error) return;
  const content = found.status.boundVolumeSnapshotContentName ?? `snapcontent-${found.metadata.uid}`;
  try {
    // Also where its class says Retain: nothing would lead to it any more.
    const patch = { metadata: { labels: found.metadata.labels }, spec: { deletionPolicy: 'Delete' } };
    await client.patch(VOLUME_SNAPSHOT_CONTENT, undefined, content, patch, signal);
  } catch (error) {
    if (!(error instanceof KubeRequestError && error.status === 404)) throw error;
  }
  await client.delete(VOLUME_SNAPSHOT, namespace, name, { uid: found.metadata.uid, signal });
  await whileNudging(client, [content], () =>
    waitUntilGone(client, VOLUME_SNAPSHOT, namespace, name, { signal, timeoutMs: GONE_TIMEOUT_MS }),
  );
}
