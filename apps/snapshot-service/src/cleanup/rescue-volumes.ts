import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { GODWIT_NAMESPACE, REBINDING_ANNOTATION, RUN_LABEL } from '@godwit/contracts/labels';
import { runSelector } from '@godwit/contracts/run-labels';
import { ensureObject } from '@godwit/kube/ensure-object';
import type { KubeClient } from '@godwit/kube/kube-client';
import { listIfServed } from '@godwit/kube/list-all';
import { PERSISTENT_VOLUME, PERSISTENT_VOLUME_CLAIM } from '@godwit/kube/resource-type';
import { waitForObject } from '@godwit/kube/watch';
import { holderOf, stagedAgainPatch } from './volume-holder.ts';

const BOUND_TIMEOUT_MS = 60_000;
const NOT_REBINDING = { metadata: { annotations: { [REBINDING_ANNOTATION]: null } } };

interface Volume extends KubernetesObject {
  spec: {
    claimRef?: { namespace: string; name: string; uid?: string };
    accessModes: string[];
    capacity: { storage: string };
    storageClassName?: string;
    volumeMode?: string;
  };
  status?: { phase?: string };
}

/**
 * A run that ends between two claims leaves a volume that nobody holds. It is bound to a claim of ours again and its policy
 * set to Delete, so that the deletion of our claims takes the storage with it (a provisioner deletes only released volumes).
 * One that the user's claim holds already is theirs and stays; one that its staged claim still holds stays staged.
 */
export async function rescueUnboundVolumes(
  client: KubeClient,
  runId: string,
  ensureNamespace: () => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const volumes = await listIfServed<Volume>(client, PERSISTENT_VOLUME, { labelSelector: runSelector(runId), signal });
  for (const volume of volumes) {
    if (volume.metadata.annotations?.[REBINDING_ANNOTATION] === undefined) continue;
    const holder = holderOf(volume, await findClaim(client, volume, signal));
    if (holder === 'nobody') {
      await ensureNamespace();
      await takeBack(client, runId, volume, signal);
    } else {
      const patch = holder === 'staged' ? stagedAgainPatch(volume) : NOT_REBINDING;
      await client.patch(PERSISTENT_VOLUME, undefined, volume.metadata.name, patch, signal);
    }
  }
}

async function findClaim(client: KubeClient, { spec }: Volume, signal: AbortSignal): Promise<KubernetesObject | undefined> {
  const { namespace, name } = spec.claimRef ?? {};
  return namespace && name ? client.find(PERSISTENT_VOLUME_CLAIM, namespace, name, signal) : undefined;
}

async function takeBack(client: KubeClient, runId: string, volume: Volume, signal: AbortSignal): Promise<void> {
  const name = `godwit-rescue-${volume.metadata.name}`.slice(0, 253);
  const { accessModes, capacity, storageClassName = '', volumeMode } = volume.spec;
  await client.patch(
    PERSISTENT_VOLUME,
    undefined,
    volume.metadata.name,
    {
      spec: {
        claimRef: {
          apiVersion: 'v1',
          kind: 'PersistentVolumeClaim',
          namespace: GODWIT_NAMESPACE,
          name,
          uid: null,
          resourceVersion: null,
        },
      },
    },
    signal,
  );
  await ensureObject(
    client,
    PERSISTENT_VOLUME_CLAIM,
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name, namespace: GODWIT_NAMESPACE, labels: { [RUN_LABEL]: runId } },
      spec: {
        accessModes,
        storageClassName,
        volumeMode,
        volumeName: volume.metadata.name,
        resources: { requests: { storage: capacity.storage } },
      },
    },
    signal,
  );
  await waitForObject<Volume, true>(
    client,
    PERSISTENT_VOLUME,
    undefined,
    volume.metadata.name,
    (seen) => (seen?.status?.phase === 'Bound' ? true : undefined),
    { signal, timeoutMs: BOUND_TIMEOUT_MS, what: `taking PersistentVolume ${volume.metadata.name} back` },
  );
  await client.patch(
    PERSISTENT_VOLUME,
    undefined,
    volume.metadata.name,
    { spec: { persistentVolumeReclaimPolicy: 'Delete' } },
    signal,
  );
}
