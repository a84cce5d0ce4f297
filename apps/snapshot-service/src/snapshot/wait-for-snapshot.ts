import { RetryableError } from '@godwit/contracts/errors';
import { describeObject, type KubernetesObject } from '@godwit/contracts/kubernetes-object';
import type { KubeClient } from '@godwit/kube/kube-client';
import { VOLUME_SNAPSHOT, VOLUME_SNAPSHOT_CONTENT } from '@godwit/kube/resource-type';
import { waitForObject } from '@godwit/kube/watch';
import type { Snapshot, SnapshotContent } from './snapshot-manifests.ts';

/** Drivers try again by themselves, so an error is theirs to mend for a while; after that it is not of the moment. */
const ERROR_GRACE_MS = 20_000;

/** Waits until a snapshot can be read, or says what its driver says. */
export async function waitUntilReady(
  client: KubeClient,
  namespace: string,
  name: string,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Snapshot> {
  const failing = new AbortController();
  let lastError = '';
  let grace: NodeJS.Timeout | undefined;
  try {
    return await waitForObject<Snapshot, Snapshot>(
      client,
      VOLUME_SNAPSHOT,
      namespace,
      name,
      (snapshot) => {
        lastError = snapshot?.status?.error?.message ?? '';
        if (lastError) grace ??= setTimeout(() => failing.abort(), ERROR_GRACE_MS);
        else {
          clearTimeout(grace);
          grace = undefined;
        }
        return snapshot?.status?.readyToUse && snapshot.status.boundVolumeSnapshotContentName ? snapshot : undefined;
      },
      {
        signal: AbortSignal.any([signal, failing.signal]),
        timeoutMs,
        what: `waiting until VolumeSnapshot ${namespace}/${name} is ready`,
        reason: 'SnapshotTimeout',
        isFinal: true,
        cure: "Look at the snapshot controller and the driver's snapshotter in this cluster, or raise the CSI snapshot timeout of the migration.",
        explain: async (last) => lastError || (await errorOfContent(client, last, signal)),
      },
    );
  } catch (error) {
    signal.throwIfAborted();
    if (!failing.signal.aborted) throw error;
    const object = describeObject({ kind: 'VolumeSnapshot', metadata: { namespace, name } });
    throw new RetryableError('SnapshotFailed', `cluster "${client.clusterName}": ${object}: the driver says: ${lastError}`, {
      subject: { cluster: client.clusterName, object },
      cure: 'Look at the storage and its driver in this cluster; the snapshot class must be one that works.',
    });
  } finally {
    clearTimeout(grace);
  }
}

/** The driver tells the content first; the snapshot controller hands it on to the snapshot when it comes to it. */
async function errorOfContent(client: KubeClient, snapshot: KubernetesObject | undefined, signal: AbortSignal): Promise<string> {
  if (!snapshot) return 'it is not there';
  const name = `snapcontent-${snapshot.metadata.uid}`;
  const content = await client.find<SnapshotContent>(VOLUME_SNAPSHOT_CONTENT, undefined, name, signal).catch(() => undefined);
  return content?.status?.error?.message ?? '';
}
