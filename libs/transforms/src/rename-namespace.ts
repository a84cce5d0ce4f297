import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { isKind } from './kinds.ts';
import { renamed } from './renamed.ts';
import { keep, type TransformContext, type TransformOutcome } from './transform.ts';

const NAME_LABEL = 'kubernetes.io/metadata.name';

/** Puts an object into its namespace on the destination, and gives a Namespace its new name. */
export function renameNamespace(object: KubernetesObject, { namespaces }: TransformContext): TransformOutcome {
  const { metadata } = object;
  if (isKind(object, 'Namespace')) {
    const name = renamed(metadata.name, namespaces);
    const labels = metadata.labels?.[NAME_LABEL] ? { labels: { ...metadata.labels, [NAME_LABEL]: name } } : {};
    return keep({ ...object, metadata: { ...metadata, ...labels, name } });
  }
  if (metadata.namespace === undefined) return keep(object);
  return keep({ ...object, metadata: { ...metadata, namespace: renamed(metadata.namespace, namespaces) } });
}
