import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import type { KubeClient } from '@godwit/kube/kube-client';
import { PERSISTENT_VOLUME } from '@godwit/kube/resource-type';
import { waitForObject } from '@godwit/kube/watch';

const NOTICED_TIMEOUT_MS = 60_000;

/**
 * Waits until the cluster's controller has taken notice of a PersistentVolume. A claim that it sees before the volume which is
 * reserved for it might be given a new and empty one.
 *
 * @throws RetryableError if it takes no notice in time
 */
export async function waitForVolume(client: KubeClient, name: string, signal: AbortSignal): Promise<void> {
  const isNoticed = (volume?: KubernetesObject) => {
    const { phase = 'Pending' } = (volume?.status ?? {}) as { phase?: string };
    return phase === 'Pending' ? undefined : true;
  };
  await waitForObject(client, PERSISTENT_VOLUME, undefined, name, isNoticed, {
    signal,
    timeoutMs: NOTICED_TIMEOUT_MS,
    what: `waiting until PersistentVolume ${name} can be claimed`,
    reason: 'VolumeNotAvailable',
    cure: `Look at it: kubectl describe persistentvolume ${name}.`,
  });
}
