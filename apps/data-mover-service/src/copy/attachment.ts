import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';

/** A pod as far as it says which claims it has mounted where. */
export interface MountingPod extends KubernetesObject {
  spec: { nodeName?: string; volumes?: { persistentVolumeClaim?: { claimName: string } }[] };
  status?: { phase?: string };
}

export interface VolumeAttachment extends KubernetesObject {
  spec: { nodeName: string; source: { persistentVolumeName?: string } };
}

/** Whether a volume can be attached to one node only, so that who reads it must go where it is. */
export function isOfOneNode(accessModes: readonly string[]): boolean {
  return accessModes.some((mode) => mode.startsWith('ReadWriteOnce')) && !accessModes.includes('ReadWriteMany');
}

/**
 * The nodes where a volume is mounted or attached, those of its pods first: an attachment may be about to end.
 * @returns none if it is nowhere: then it can be mounted anywhere
 */
export function attachedTo(
  claimName: string,
  pvName: string,
  pods: readonly MountingPod[],
  attachments: readonly VolumeAttachment[],
): string[] {
  const ofPods = pods.flatMap(({ spec, status }) => {
    const isMounted = spec.volumes?.some(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName === claimName);
    const hasEnded = status?.phase === 'Succeeded' || status?.phase === 'Failed';
    return isMounted && !hasEnded && spec.nodeName ? [spec.nodeName] : [];
  });
  if (ofPods.length > 0) return [...new Set(ofPods)];
  return attachments.filter(({ spec }) => spec.source.persistentVolumeName === pvName).map(({ spec }) => spec.nodeName);
}
