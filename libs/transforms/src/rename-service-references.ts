import { groupOf, type KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { isKind } from './kinds.ts';
import { withRenamed } from './renamed.ts';
import { findingOn, keep, type TransformContext, type TransformOutcome } from './transform.ts';

interface ClientConfig {
  service?: { namespace?: string; name?: string };
  caBundle?: string;
  insecureSkipTLSVerify?: boolean;
}

/** Annotations by which cert-manager or OpenShift keeps `caBundle` up to date. */
const CA_ANNOTATIONS = [
  'cert-manager.io/inject-ca-from',
  'cert-manager.io/inject-ca-from-secret',
  'cert-manager.io/inject-apiserver-ca',
  'service.beta.openshift.io/inject-cabundle',
];

/**
 * Lets webhooks, API services and conversions follow the Service that answers for them (rule 34), and tells if the certificate
 * of that Service was made for its old name.
 */
export function renameServiceReferences(object: KubernetesObject, { namespaces }: TransformContext): TransformOutcome {
  let hasMoved = false;
  const followed = follow(object, (config) => {
    if (!config.service) return config;
    const service = withRenamed(config.service, namespaces);
    hasMoved ||= service.namespace !== config.service.namespace && !config.insecureSkipTLSVerify;
    return { ...config, service };
  });
  if (followed === object) return keep(object);
  const isInjected = CA_ANNOTATIONS.some((key) => object.metadata.annotations?.[key]);
  return keep(followed, hasMoved && !isInjected ? [certificateFinding(object)] : []);
}

/** @returns the object itself if it is of a kind that has no backend */
function follow(object: KubernetesObject, rename: (config: ClientConfig) => ClientConfig): KubernetesObject {
  if (isKind(object, 'APIService', 'apiregistration.k8s.io')) return { ...object, spec: rename(object.spec as ClientConfig) };
  if (isKind(object, 'CustomResourceDefinition', 'apiextensions.k8s.io')) return followConversion(object, rename);
  if (groupOf(object.apiVersion) !== 'admissionregistration.k8s.io' || !object.webhooks) return object;
  const webhooks = object.webhooks as { clientConfig: ClientConfig }[];
  return { ...object, webhooks: webhooks.map((webhook) => ({ ...webhook, clientConfig: rename(webhook.clientConfig) })) };
}

function followConversion(object: KubernetesObject, rename: (config: ClientConfig) => ClientConfig): KubernetesObject {
  const spec = object.spec as { conversion?: { webhook?: { clientConfig?: ClientConfig } } };
  const webhook = spec.conversion?.webhook;
  if (!webhook?.clientConfig) return object;
  const conversion = { ...spec.conversion, webhook: { ...webhook, clientConfig: rename(webhook.clientConfig) } };
  return { ...object, spec: { ...spec, conversion } };
}

function certificateFinding(object: KubernetesObject) {
  return findingOn(
    object,
    'warning',
    'ServiceCertificateOutdated',
    "The Service behind it moves to another namespace, and the Service's certificate was made for its old name.",
    'Have the certificate made anew on the destination, and set its CA as caBundle here.',
  );
}
