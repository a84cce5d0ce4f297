import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { isKind } from './kinds.ts';
import { keep, type TransformOutcome } from './transform.ts';

/** What managers of the source wrote on the Namespace: names and UIDs of things that only the source has. */
const FOREIGN = [/^([a-z0-9.-]+\.)?cattle\.io\//, /^olm\.operatorgroup\.uid\//];

/**
 * Leaves of a Namespace its name and the labels and annotations that are the user's. Its `spec` holds nothing but the finalizer
 * that each API server sets; the UID ranges of OpenShift stay, for files in the volumes belong to these UIDs.
 */
export function cleanNamespace(object: KubernetesObject): TransformOutcome {
  if (!isKind(object, 'Namespace')) return keep(object);
  const { spec: _, ...namespace } = object;
  const { labels, annotations } = object.metadata;
  return keep({
    ...namespace,
    metadata: {
      ...object.metadata,
      ...(labels && { labels: withoutForeign(labels) }),
      ...(annotations && { annotations: withoutForeign(annotations) }),
    },
  });
}

function withoutForeign(entries: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(entries).filter(([key]) => !FOREIGN.some((pattern) => pattern.test(key))));
}
