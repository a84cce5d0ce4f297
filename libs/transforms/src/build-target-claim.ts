import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';

/**
 * The claim that takes over a filled volume (rule 16).
 * @param claim the transformed PersistentVolumeClaim
 * @param volumeName name of the PersistentVolume on the destination
 * @param storageClassName the volume's class; a claim binds only to a volume of its own class, so it has to follow where the
 *   claim asked for the default class
 */
export function buildTargetClaim(claim: KubernetesObject, volumeName: string, storageClassName?: string): KubernetesObject {
  const spec = claim.spec as Record<string, unknown>;
  return { ...claim, spec: { ...spec, volumeName, ...(storageClassName === undefined ? {} : { storageClassName }) } };
}
