import { runSelector } from '@godwit/contracts/run-labels';
import type { KubeClient } from '@godwit/kube/kube-client';
import { KubeRequestError } from '@godwit/kube/kube-error';
import { listIfServed } from '@godwit/kube/list-all';
import { VOLUME_SNAPSHOT, VOLUME_SNAPSHOT_CONTENT } from '@godwit/kube/resource-type';
import { waitUntilGone } from '@godwit/kube/watch';
import type { SnapshotContent } from '../snapshot/snapshot-manifests.ts';
import { cleanWorkspace } from './clean-workspace.ts';
import { deleteLabelled } from './delete-labelled.ts';

const GONE_TIMEOUT_MS = 120_000;

/**
 * Takes away all that a run made on the source: movers, exposed claims and the snapshots with what they hold in the storage.
 * At any moment of a run at least one labelled content names a snapshot, so none is lost to us.
 */
export async function cleanSource(client: KubeClient, runId: string, signal: AbortSignal): Promise<void> {
  const labelSelector = runSelector(runId);
  await cleanWorkspace(client, runId, signal);
  const contents = await listIfServed<SnapshotContent>(client, VOLUME_SNAPSHOT_CONTENT, { labelSelector, signal });
  // Of two contents of one snapshot (a worker died between) only one may delete it: the other would fail for ever.
  const seen = new Set<string>();
  for (const content of contents) {
    const handle = content.spec.source?.snapshotHandle ?? content.status?.snapshotHandle ?? '';
    const deletionPolicy = seen.has(handle) ? 'Retain' : 'Delete';
    seen.add(handle);
    await setDeletionPolicy(client, content.metadata.name, deletionPolicy, signal);
  }
  // Snapshots in the user's namespaces too: theirs are deleted with contents that carry no label yet.
  await deleteLabelled(client, VOLUME_SNAPSHOT, { labelSelector }, signal);
  await Promise.all(
    contents.map(async ({ metadata: { name } }) => {
      await client.delete(VOLUME_SNAPSHOT_CONTENT, undefined, name, { signal });
      await waitUntilGone(client, VOLUME_SNAPSHOT_CONTENT, undefined, name, { signal, timeoutMs: GONE_TIMEOUT_MS });
    }),
  );
}

/** A content that is gone already needs none. */
async function setDeletionPolicy(client: KubeClient, name: string, deletionPolicy: string, signal: AbortSignal): Promise<void> {
  try {
    await client.patch(VOLUME_SNAPSHOT_CONTENT, undefined, name, { spec: { deletionPolicy } }, signal);
  } catch (error) {
    if (!(error instanceof KubeRequestError && error.status === 404)) throw error;
  }
}
