import { groupOf, type KubernetesObject } from '@godwit/contracts/kubernetes-object';

/** True if the object is of the kind and group, in whatever version; the core group is the empty string. */
export function isKind(object: KubernetesObject, kind: string, group = ''): boolean {
  return object.kind === kind && groupOf(object.apiVersion) === group;
}

/** True if the kind is of somebody's CustomResourceDefinition, and no part of Kubernetes. */
export function isCustom({ apiVersion }: KubernetesObject): boolean {
  const group = groupOf(apiVersion);
  return group.includes('.') && !group.endsWith('.k8s.io');
}
