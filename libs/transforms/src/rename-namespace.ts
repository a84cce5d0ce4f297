import type { KubernetesObject, ObjectMeta } from '@godwit/contracts/kubernetes-object';
import { isKind } from './kinds.ts';
import { renamed } from './renamed.ts';
import { keep, type NamespaceMap, type TransformContext, type TransformOutcome } from './transform.ts';

const NAME_LABEL = 'kubernetes.io/metadata.name';
/** Helm takes an object for a release's own only if this names the namespace in which it looks for the release. */
const HELM_NAMESPACE = 'meta.helm.sh/release-namespace';

/** Puts an object into its namespace on the destination, and gives a Namespace its new name. */
export function renameNamespace(object: KubernetesObject, { namespaces }: TransformContext): TransformOutcome {
  const metadata = { ...object.metadata, ...withRenamedEntry('annotations', HELM_NAMESPACE, object.metadata, namespaces) };
  if (isKind(object, 'Namespace')) {
    const labels = withRenamedEntry('labels', NAME_LABEL, metadata, namespaces);
    return keep({ ...object, metadata: { ...metadata, ...labels, name: renamed(metadata.name, namespaces) } });
  }
  if (metadata.namespace !== undefined) metadata.namespace = renamed(metadata.namespace, namespaces);
  return keep({ ...object, metadata });
}

function withRenamedEntry(
  field: 'labels' | 'annotations',
  key: string,
  metadata: ObjectMeta,
  namespaces: NamespaceMap,
): Partial<ObjectMeta> {
  const namespace = metadata[field]?.[key];
  return namespace === undefined ? {} : { [field]: { ...metadata[field], [key]: renamed(namespace, namespaces) } };
}
