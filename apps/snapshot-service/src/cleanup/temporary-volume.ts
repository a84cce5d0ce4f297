import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { GODWIT_NAMESPACE } from '@godwit/contracts/labels';

/** The provisioner notes itself on the volumes that it makes, and deletes no others. */
const PROVISIONED_BY = 'pv.kubernetes.io/provisioned-by';

export interface BoundVolume extends KubernetesObject {
  spec: { claimRef?: { namespace: string; name: string; uid?: string } };
}

/**
 * Whether a volume is ours to delete: it was made for a claim in our namespace. One that an administrator made by hand and
 * that happened to be bound to our claim is theirs.
 */
export function mayBeDeleted({ metadata, spec }: BoundVolume): boolean {
  return spec.claimRef?.namespace === GODWIT_NAMESPACE && metadata.annotations?.[PROVISIONED_BY] !== undefined;
}
