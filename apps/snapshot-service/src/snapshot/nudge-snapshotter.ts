import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeClient } from '@godwit/kube/kube-client';
import { VOLUME_SNAPSHOT_CONTENT } from '@godwit/kube/resource-type';
import type { SnapshotContent } from './snapshot-manifests.ts';

const NUDGE_EVERY_MS = 5_000;
const BEING_CREATED = 'snapshot.storage.kubernetes.io/volumesnapshot-being-created';
const NUDGED = 'godwit.io/nudged-at';

/**
 * Waits for something that depends on contents that go, and has their driver's snapshotter look at those that hang.
 *
 * A snapshot that is deleted in the moment in which it is cut stays until the snapshotter's next resync (a quarter of an hour):
 * the snapshotter leaves it alone while its own annotation says that it is being cut, and does not hear of the removal of that
 * annotation. It hears of any other change.
 * See https://github.com/kubernetes-csi/external-snapshotter/blob/v8.7.0/pkg/utils/util.go (ShouldEnqueueContentChange).
 *
 * @param contents names of VolumeSnapshotContents
 */
export async function whileNudging<T>(
  client: KubeClient,
  contents: readonly string[],
  wait: () => Promise<T>,
  everyMs = NUDGE_EVERY_MS,
): Promise<T> {
  const over = new AbortController();
  const nudging = nudge(client, contents, everyMs, over.signal);
  try {
    return await wait();
  } finally {
    over.abort();
    await nudging;
  }
}

async function nudge(client: KubeClient, contents: readonly string[], everyMs: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await sleep(everyMs, undefined, { signal }).catch(() => {});
    // What cannot be nudged is told by the wait, which ends by its time.
    if (!signal.aborted) await Promise.allSettled(contents.map((name) => nudgeOne(client, name, signal)));
  }
}

async function nudgeOne(client: KubeClient, name: string, signal: AbortSignal): Promise<void> {
  const content = await client.find<SnapshotContent>(VOLUME_SNAPSHOT_CONTENT, undefined, name, signal);
  if (!content?.metadata.deletionTimestamp || content.metadata.annotations?.[BEING_CREATED]) return;
  const annotations = { [NUDGED]: new Date().toISOString() };
  await client.patch(VOLUME_SNAPSHOT_CONTENT, undefined, name, { metadata: { annotations } }, signal);
}
