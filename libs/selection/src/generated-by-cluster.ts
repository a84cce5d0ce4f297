import { groupOf, type KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { automaticTokenOf } from './automatic-token.ts';

const CA_BUNDLES = new Set(['kube-root-ca.crt', 'openshift-service-ca.crt']);
const LEADER_ANNOTATION = 'control-plane.alpha.kubernetes.io/leader';

/** What installers of clusters keep in kube-system and kube-public. */
const OF_INSTALLATION = new Set([
  'cluster-info',
  'extension-apiserver-authentication',
  'kube-apiserver-legacy-service-account-token-tracking',
  'kubeadm-config',
  'kubelet-config',
]);

/**
 * Why an object is one that every cluster makes for itself (rules 11, 25, 26, 27). Of Endpoints whose Service picks pods this
 * cannot be told from the object alone: `chooseObjects` sees both.
 * @returns a sentence, or undefined if it is the user's
 */
export function isGeneratedByCluster(object: KubernetesObject): string | undefined {
  if (groupOf(object.apiVersion) === 'discovery.k8s.io' && object.kind === 'EndpointSlice') return endpointSlice(object);
  if (object.apiVersion !== 'v1') return undefined;
  switch (object.kind) {
    case 'ConfigMap':
      return configMap(object);
    case 'Secret':
      return secret(object);
    case 'ServiceAccount':
      return serviceAccount(object);
    case 'Service':
      return apiServerEntry(object);
    case 'Endpoints':
      return apiServerEntry(object) ?? endpointsObject(object);
    default:
      return undefined;
  }
}

function configMap({ metadata }: KubernetesObject): string | undefined {
  if (CA_BUNDLES.has(metadata.name)) return 'Every cluster publishes its own CA bundle under this name.';
  if (metadata.annotations?.[LEADER_ANNOTATION]) return 'It is the lock of a leader election.';
  const isSystem = metadata.namespace === 'kube-system' || metadata.namespace === 'kube-public';
  return isSystem && OF_INSTALLATION.has(metadata.name) ? 'It describes how the source was installed.' : undefined;
}

function secret(object: KubernetesObject): string | undefined {
  if (object.type === 'bootstrap.kubernetes.io/token') return 'Nodes join the source by it.';
  const account = automaticTokenOf(object);
  return account && `It is the token that the source made for ServiceAccount ${account}.`;
}

/** The `default` account is there in each namespace; it goes along only for what was added to it. */
function serviceAccount(account: KubernetesObject): string | undefined {
  if (account.metadata.name !== 'default') return undefined;
  const secrets = (account.secrets ?? []) as { name?: string }[];
  const wasChanged =
    ((account.imagePullSecrets ?? []) as unknown[]).length > 0 ||
    secrets.some(({ name }) => !name?.startsWith('default-token-')) ||
    Object.keys(account.metadata.annotations ?? {}).length > 0 ||
    Object.keys(account.metadata.labels ?? {}).length > 0 ||
    account.automountServiceAccountToken !== undefined;
  return wasChanged ? undefined : 'Every namespace gets a default ServiceAccount, and nothing was added to this one.';
}

function apiServerEntry({ metadata }: KubernetesObject): string | undefined {
  const isApiServer = metadata.namespace === 'default' && metadata.name === 'kubernetes';
  return isApiServer ? 'It leads to the API server of the source.' : undefined;
}

/** Why Endpoints stay whose Service has a selector. */
export const KEPT_BY_SERVICE = 'The destination makes it from the Service and its pods.';

function endpointsObject({ metadata }: KubernetesObject): string | undefined {
  if (metadata.annotations?.[LEADER_ANNOTATION]) return 'It is the lock of a leader election.';
  return isControllerName(metadata.labels?.['endpoints.kubernetes.io/managed-by']) ? KEPT_BY_SERVICE : undefined;
}

/** People may set the managed-by label on slices of their own; the names of the controllers of Kubernetes end alike. */
function endpointSlice(slice: KubernetesObject): string | undefined {
  const { metadata } = slice;
  if (metadata.namespace === 'default' && metadata.labels?.['kubernetes.io/service-name'] === 'kubernetes') {
    return 'It leads to the API server of the source.';
  }
  const isManaged = isControllerName(metadata.labels?.['endpointslice.kubernetes.io/managed-by']);
  return isManaged ? 'The destination makes it from the Service and its endpoints.' : undefined;
}

function isControllerName(name: string | undefined): boolean {
  return name !== undefined && (name.endsWith('-controller.k8s.io') || name === 'endpoint-controller');
}
