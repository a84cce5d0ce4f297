import { groupOf, type KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { withRenamed } from './renamed.ts';
import { keep, type TransformContext, type TransformOutcome } from './transform.ts';
import { mapFields } from './walk-manifest.ts';

/**
 * Lets references across namespaces in the Gateway API follow: parents, backends, certificates, grants (rule 37). Every field
 * `namespace` in the specs of that group names a namespace.
 */
export function renameGatewayReferences(object: KubernetesObject, { namespaces }: TransformContext): TransformOutcome {
  if (groupOf(object.apiVersion) !== 'gateway.networking.k8s.io') return keep(object);
  const spec = mapFields(object.spec, (fields) =>
    typeof fields.namespace === 'string' ? withRenamed(fields as { namespace: string }, namespaces) : fields,
  );
  return keep(spec === undefined ? object : { ...object, spec });
}
