import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { isKind } from './kinds.ts';
import { renamed } from './renamed.ts';
import { findingOn, keep, type TransformContext, type TransformOutcome } from './transform.ts';

const CLUSTER_WIDE = 'sealedsecrets.bitnami.com/cluster-wide';

/** Tells of a SealedSecret that its controller will refuse to open: it is sealed for a namespace which is renamed. */
export function reportSealedSecrets(
  object: KubernetesObject,
  { namespaces }: TransformContext,
  source: KubernetesObject,
): TransformOutcome {
  if (!isKind(object, 'SealedSecret', 'bitnami.com')) return keep(object);
  const { namespace = '', annotations } = source.metadata;
  if (annotations?.[CLUSTER_WIDE] === 'true' || renamed(namespace, namespaces) === namespace) return keep(object);
  return keep(object, [
    findingOn(
      object,
      'warning',
      'SealedForNamespace',
      `It is sealed for namespace ${namespace} and cannot be opened in ${renamed(namespace, namespaces)}. The Secret that was made of it ` +
        'comes along by itself.',
      `Seal it anew for ${renamed(namespace, namespaces)}, with the key of the destination.`,
    ),
  ]);
}
