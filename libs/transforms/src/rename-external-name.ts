import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { isKind } from './kinds.ts';
import { renamed } from './renamed.ts';
import { keep, type TransformContext, type TransformOutcome } from './transform.ts';

/** `service.namespace.svc`, perhaps with a pod before it and the cluster's domain after it. */
const SERVICE_NAME = /^((?:[a-z0-9-]+\.)+)([a-z0-9-]+)(\.svc(?:\..+)?)$/;

/** Lets an ExternalName Service follow the Service in a renamed namespace to which it leads (rule 36). */
export function renameExternalName(object: KubernetesObject, { namespaces }: TransformContext): TransformOutcome {
  const spec = object.spec as { externalName?: string } | undefined;
  if (!isKind(object, 'Service') || !spec?.externalName) return keep(object);
  const externalName = spec.externalName.replace(
    SERVICE_NAME,
    (_, before: string, namespace: string, after: string) => before + renamed(namespace, namespaces) + after,
  );
  return keep({ ...object, spec: { ...spec, externalName } });
}
