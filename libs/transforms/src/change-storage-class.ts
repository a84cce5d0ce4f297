import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { isKind } from './kinds.ts';
import { type Classed, mapStorageClass } from './storage-class.ts';
import { keep, type TransformContext, type TransformOutcome } from './transform.ts';

/** Applies the mapping of storage classes to claims, volumes and the claim templates of StatefulSets (rule 15). */
export function changeStorageClass(object: KubernetesObject, { storageClasses }: TransformContext): TransformOutcome {
  if (isKind(object, 'PersistentVolumeClaim') || isKind(object, 'PersistentVolume')) {
    return keep(mapStorageClass(object as KubernetesObject & Classed, storageClasses));
  }
  if (!isKind(object, 'StatefulSet', 'apps')) return keep(object);
  const spec = object.spec as { volumeClaimTemplates?: Classed[] };
  if (!spec.volumeClaimTemplates) return keep(object);
  const volumeClaimTemplates = spec.volumeClaimTemplates.map((template) => mapStorageClass(template, storageClasses));
  return keep({ ...object, spec: { ...spec, volumeClaimTemplates } });
}
