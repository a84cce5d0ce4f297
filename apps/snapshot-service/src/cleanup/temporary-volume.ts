import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { EXPOSES_ANNOTATION, GODWIT_NAMESPACE } from '@godwit/contracts/labels';

/** The provisioner notes itself on the volumes that it makes, and deletes no others. */
const PROVISIONED_BY = 'pv.kubernetes.io/provisioned-by';

export interface BoundVolume extends KubernetesObject {
  spec: { claimRef?: { namespace: string; name: string; uid?: string } };
}

/**
 * Whether a volume is ours to delete with its storage: it was made for a claim in our namespace. One that an administrator made
 * by hand and that happened to be bound to our claim is theirs; and of a second handle on a user's volume the storage is.
 */
export function mayBeDeleted(volume: BoundVolume): boolean {
  const { metadata, spec } = volume;
  return (
    spec.claimRef?.namespace === GODWIT_NAMESPACE &&
    metadata.annotations?.[PROVISIONED_BY] !== undefined &&
    !isSecondHandle(volume)
  );
}

/** Whether it is an object of ours for the storage of a user's volume, to be deleted as an object only. */
export function isSecondHandle({ metadata, spec }: BoundVolume): boolean {
  return metadata.annotations?.[EXPOSES_ANNOTATION] !== undefined && spec.claimRef?.namespace === GODWIT_NAMESPACE;
}
