import { groupOf, type KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { isKind } from './kinds.ts';
import { keep, type TransformOutcome } from './transform.ts';

const V1 = /\/v1$/;

interface Version {
  schema?: { openAPIV3Schema?: object };
}

interface DefinitionSpec {
  preserveUnknownFields?: boolean;
  versions?: Version[];
}

interface Webhook {
  sideEffects?: string;
}

/**
 * Brings definitions and webhooks that were made in the times of v1beta1 to what v1 accepts of a new object (rule 30): the
 * source's API server shows them in v1, with values that it would refuse today.
 */
export function modernizeDefinition(object: KubernetesObject): TransformOutcome {
  if (!V1.test(object.apiVersion)) return keep(object);
  if (isKind(object, 'CustomResourceDefinition', 'apiextensions.k8s.io')) return keep(withMarkedSchemas(object));
  if (groupOf(object.apiVersion) === 'admissionregistration.k8s.io' && object.webhooks) {
    return keep({ ...object, webhooks: (object.webhooks as Webhook[]).map(withSideEffects) });
  }
  return keep(object);
}

/** Unknown fields are preserved by the schemas instead of by the definition as a whole. */
function withMarkedSchemas(object: KubernetesObject): KubernetesObject {
  const spec = object.spec as DefinitionSpec;
  if (!spec.preserveUnknownFields) return object;
  const versions = spec.versions?.map((version) => ({
    ...version,
    schema: {
      openAPIV3Schema: { type: 'object', ...version.schema?.openAPIV3Schema, 'x-kubernetes-preserve-unknown-fields': true },
    },
  }));
  return { ...object, spec: { ...spec, preserveUnknownFields: false, ...(versions && { versions }) } };
}

/** v1 knows `None` and `NoneOnDryRun`; of the older ones, `Some` and `Unknown` can only mean the second. */
function withSideEffects(webhook: Webhook): Webhook {
  return webhook.sideEffects === 'None' ? webhook : { ...webhook, sideEffects: 'NoneOnDryRun' };
}
