import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { FIELD_MANAGER } from '@godwit/contracts/labels';

/** Who has written which fields of an object, as the API server notes it. */
export interface ManagedFields {
  manager?: string;
  operation?: 'Apply' | 'Update';
  /** Of the last change. */
  time?: string;
  /** `status`, `scale`; absent for the object itself. */
  subresource?: string;
}

export function managersOf({ metadata }: KubernetesObject): ManagedFields[] {
  return (metadata.managedFields ?? []) as ManagedFields[];
}

/** Something of the object itself is as we wrote it. */
export function isWrittenByUs(live: KubernetesObject): boolean {
  return managersOf(live).some(({ manager, subresource }) => manager === FIELD_MANAGER && !subresource);
}
