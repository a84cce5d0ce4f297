import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { isKind } from './kinds.ts';
import { renamed } from './renamed.ts';
import { keep, type TransformContext, type TransformOutcome } from './transform.ts';

const NAME_LABEL = 'kubernetes.io/metadata.name';

/** Puts an object into its namespace on the destination, and gives a Namespace its new name. */
export function renameNamespace(object: KubernetesObject, { namespaces }: TransformContext): TransformOutcome {
  const { metadata } = object;
  if (isKind(object, 'Namespace')) {
    const label = metadata.labels?.[NAME_LABEL];
    const labels = label === undefined ? undefined : { ...metadata.labels, [NAME_LABEL]: renamed(label, namespaces) };
    return keep({ ...object, metadata: { ...metadata, ...(labels && { labels }), name: renamed(metadata.name, namespaces) } });
  }
  if (metadata.namespace === undefined) return keep(object);
  return keep({ ...object, metadata: { ...metadata, namespace: renamed(metadata.namespace, namespaces) } });
}
