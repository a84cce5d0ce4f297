import { FatalError } from '@godwit/contracts/errors';
import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { GODWIT_NAMESPACE } from '@godwit/contracts/labels';
import type { RunVolume } from '@godwit/db/volume-store';
import { ensureObject } from '@godwit/kube/ensure-object';
import type { KubeClient } from '@godwit/kube/kube-client';
import { PERSISTENT_VOLUME, PERSISTENT_VOLUME_CLAIM } from '@godwit/kube/resource-type';
import { waitForObject } from '@godwit/kube/watch';
import { buildLiveClaim, buildLiveVolume, type SourceVolume } from './live-manifests.ts';
import { exposureName } from './snapshot-manifests.ts';

const BOUND_TIMEOUT_MS = 60_000;

/**
 * Lets a mover read a volume while its pods go on: by a second PersistentVolume for the same storage, bound to a claim in our
 * namespace. Nothing of the user's is changed.
 *
 * @throws FatalError `VolumeChanged` if the claim has another volume than preflight saw; RetryableError if ours is not bound
 */
export async function exposeLive(client: KubeClient, runId: string, volume: RunVolume, signal: AbortSignal): Promise<void> {
  const name = exposureName(volume.id);
  const original = await originalOf(client, volume, signal);
  // The volume first: a claim without one might be given another by a provisioner.
  await ensureObject(client, PERSISTENT_VOLUME, buildLiveVolume(runId, volume, original), signal);
  await ensureObject(client, PERSISTENT_VOLUME_CLAIM, buildLiveClaim(runId, volume, original), signal);
  await waitForObject<KubernetesObject, true>(
    client,
    PERSISTENT_VOLUME_CLAIM,
    GODWIT_NAMESPACE,
    name,
    (claim) => ((claim?.status as { phase?: string } | undefined)?.phase === 'Bound' ? true : undefined),
    {
      signal,
      timeoutMs: BOUND_TIMEOUT_MS,
      what: `waiting until PersistentVolumeClaim ${GODWIT_NAMESPACE}/${name} is bound to the volume of ${volume.namespace}/${volume.name}`,
      reason: 'ClaimNotBound',
      cure: `Look at what holds it: kubectl describe persistentvolumeclaim ${name} --namespace ${GODWIT_NAMESPACE}.`,
    },
  );
}

async function originalOf(client: KubeClient, volume: RunVolume, signal: AbortSignal): Promise<SourceVolume> {
  const { pvName, claimUid } = volume.source;
  const original = await client.find<SourceVolume>(PERSISTENT_VOLUME, undefined, pvName, signal);
  if (original?.spec.claimRef?.uid === claimUid && !original.metadata.deletionTimestamp) return original;
  const claim = `PersistentVolumeClaim ${volume.namespace}/${volume.name}`;
  throw new FatalError(
    'VolumeChanged',
    `cluster "${client.clusterName}": ${claim} had PersistentVolume ${pvName} when the run began, and has it no more`,
    { subject: { cluster: client.clusterName, object: claim }, cure: 'Run the migration again.' },
  );
}
