import { groupOf, type KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { podSpecOf } from './pod-spec.ts';

/** A class that captured objects name and that the destination has to have; classes do not go along (rule 32). */
export interface ClassInUse {
  kind: 'PriorityClass' | 'IngressClass' | 'StorageClass';
  name: string;
  /** `Kind namespace/name` of the first that names it. */
  usedBy: string;
}

/** The classes that captured objects name, each once; those of every cluster (`system-…` priorities) are left out. */
export function classesInUse(captured: readonly KubernetesObject[]): ClassInUse[] {
  const found = new Map<string, ClassInUse>();
  for (const object of captured) {
    for (const { kind, name } of classesOf(object)) {
      const key = `${kind} ${name}`;
      const usedBy = `${object.kind} ${object.metadata.namespace ?? ''}/${object.metadata.name}`;
      if (name && !found.has(key)) found.set(key, { kind, name, usedBy });
    }
  }
  return [...found.values()];
}

function classesOf(object: KubernetesObject): Pick<ClassInUse, 'kind' | 'name'>[] {
  const spec = (object.spec ?? {}) as Record<string, unknown>;
  const classes: Pick<ClassInUse, 'kind' | 'name'>[] = [];
  const priority = podSpecOf(object)?.priorityClassName;
  if (typeof priority === 'string' && !priority.startsWith('system-')) classes.push({ kind: 'PriorityClass', name: priority });
  if (object.kind === 'Ingress' && groupOf(object.apiVersion) === 'networking.k8s.io') {
    const name = spec.ingressClassName ?? object.metadata.annotations?.['kubernetes.io/ingress.class'];
    if (typeof name === 'string') classes.push({ kind: 'IngressClass', name });
  }
  for (const claim of claimsOf(object, spec)) {
    if (typeof claim.storageClassName === 'string') classes.push({ kind: 'StorageClass', name: claim.storageClassName });
  }
  return classes;
}

function claimsOf(object: KubernetesObject, spec: Record<string, unknown>): Record<string, unknown>[] {
  if (object.apiVersion === 'v1' && object.kind === 'PersistentVolumeClaim') return [spec];
  if (groupOf(object.apiVersion) !== 'apps' || object.kind !== 'StatefulSet') return [];
  return ((spec.volumeClaimTemplates ?? []) as { spec: Record<string, unknown> }[]).map((template) => template.spec);
}
