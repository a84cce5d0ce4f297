import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';

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
