import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { isCustom, isKind } from './kinds.ts';
import { mappedClass, withBetaAnnotation, withMappedField } from './storage-class.ts';
import { keep, type TransformContext, type TransformOutcome } from './transform.ts';
import { type Fields, mapFields } from './walk-manifest.ts';

type ClassMap = TransformContext['storageClasses'];

/** A quota's limit of one class: `gp2.storageclass.storage.k8s.io/requests.storage`. */
const CLASS_LIMIT = /^(.+)(\.storageclass\.storage\.k8s\.io\/.+)$/;

/**
 * Applies the mapping of storage classes wherever one is named (rule 15): claims, volumes, claim templates of StatefulSets, of
 * ephemeral volumes in any pod, and of custom resources, and the limits of quotas.
 */
export function changeStorageClass(object: KubernetesObject, { storageClasses: classes }: TransformContext): TransformOutcome {
  if (Object.keys(classes).length === 0) return keep(object);
  if (isKind(object, 'ResourceQuota')) return keep(withMappedLimits(object, classes));
  const isClaim = isKind(object, 'PersistentVolumeClaim') || isKind(object, 'PersistentVolume');
  const { apiVersion, kind, metadata, status, data, ...rest } = object;
  // Operators call the field of their claims so.
  const names = isCustom(object) ? ['storageClassName', 'storageClass'] : ['storageClassName'];
  const mapped = mapFields(rest as Fields, (fields) =>
    withBetaAnnotation(
      names.reduce((current, name) => withMappedField(current, name, classes), fields),
      classes,
    ),
  );
  const result = mapped === rest ? object : { ...object, ...mapped };
  return keep(isClaim ? { ...result, metadata: withBetaAnnotation(metadata, classes) } : result);
}

/** A class that is mapped to the default one has no name under which it could be limited. */
function withMappedLimits(object: KubernetesObject, classes: ClassMap): KubernetesObject {
  const spec = object.spec as { hard?: Record<string, unknown> } | undefined;
  if (!spec?.hard) return object;
  const hard = Object.entries(spec.hard).map(([key, limit]) => {
    const [, name, limited] = CLASS_LIMIT.exec(key) ?? [];
    const mapped = mappedClass(classes, name);
    return [mapped ? `${mapped}${limited}` : key, limit];
  });
  return { ...object, spec: { ...spec, hard: Object.fromEntries(hard) } };
}
