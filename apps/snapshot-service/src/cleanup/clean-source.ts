import { RUN_LABEL } from '@godwit/contracts/labels';
import { runSelector } from '@godwit/contracts/run-labels';
import type { KubeClient } from '@godwit/kube/kube-client';
import { KubeRequestError } from '@godwit/kube/kube-error';
import { listIfServed } from '@godwit/kube/list-all';
import { VOLUME_SNAPSHOT, VOLUME_SNAPSHOT_CONTENT } from '@godwit/kube/resource-type';
import { waitUntilGone } from '@godwit/kube/watch';
import { whileNudging } from '../snapshot/nudge-snapshotter.ts';
import type { Snapshot, SnapshotContent } from '../snapshot/snapshot-manifests.ts';
import { cleanWorkspace } from './clean-workspace.ts';
import { deleteLabelled } from './delete-labelled.ts';
import { dropSecondHandles } from './drop-second-handles.ts';

const GONE_TIMEOUT_MS = 120_000;

/**
 * Takes away all that a run made on the source: movers, exposed claims, second handles on volumes, and the
 * snapshots with what they hold in the storage.
 */
export async function cleanSource(client: KubeClient, runId: string, signal: AbortSignal): Promise<void> {
  const labelSelector = runSelector(runId);
  await cleanWorkspace(client, runId, signal);
  await dropSecondHandles(client, runId, signal);
  await labelContents(client, runId, signal);
  const contents = await listIfServed<SnapshotContent>(client, VOLUME_SNAPSHOT_CONTENT, { labelSelector, signal });
  // Of two contents of one snapshot (the user's binding and ours) only one may delete it: the other would fail for ever.
  const seen = new Set<string>();
  for (const content of contents) {
    const handle = content.spec.source?.snapshotHandle ?? content.status?.snapshotHandle;
    const deletionPolicy = handle && seen.has(handle) ? 'Retain' : 'Delete';
    if (handle) seen.add(handle);
    await patchIfThere(client, content.metadata.name, { spec: { deletionPolicy } }, signal);
  }
  const names = contents.map(({ metadata }) => metadata.name);
  await whileNudging(client, names, async () => {
    await deleteLabelled(client, VOLUME_SNAPSHOT, { labelSelector }, signal);
    await Promise.all(
      names.map(async (name) => {
        await client.delete(VOLUME_SNAPSHOT_CONTENT, undefined, name, { signal });
        await waitUntilGone(client, VOLUME_SNAPSHOT_CONTENT, undefined, name, { signal, timeoutMs: GONE_TIMEOUT_MS });
      }),
    );
  });
}

/**
 * A run may have ended before it labelled the content of a snapshot that it had cut; where the class says Retain, nothing
 * would lead to that content any more once its snapshot is gone.
 */
async function labelContents(client: KubeClient, runId: string, signal: AbortSignal): Promise<void> {
  const snapshots = await listIfServed<Snapshot>(client, VOLUME_SNAPSHOT, { labelSelector: runSelector(runId), signal });
  for (const { metadata, status } of snapshots) {
    // The snapshot controller names the contents that it makes so, before the snapshot's status tells.
    const name = status?.boundVolumeSnapshotContentName ?? `snapcontent-${metadata.uid}`;
    await patchIfThere(client, name, { metadata: { labels: { [RUN_LABEL]: runId } } }, signal);
  }
}

/** A content that is gone already needs no patch. */
async function patchIfThere(client: KubeClient, name: string, patch: object, signal: AbortSignal): Promise<void> {
  try {
    await client.patch(VOLUME_SNAPSHOT_CONTENT, undefined, name, patch, signal);
  } catch (error) {
    if (!(error instanceof KubeRequestError && error.status === 404)) throw error;
  }
}
