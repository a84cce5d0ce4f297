import type { ResourceType } from '@godwit/kube/resource-type';

function define(group: string, kind: string, plural: string, namespaced = true): ResourceType {
  return { group, version: 'v1', kind, plural, namespaced, shortNames: [], verbs: [] };
}

const RBAC = 'rbac.authorization.k8s.io';
const ADMISSION = 'admissionregistration.k8s.io';

/** What runs pods. */
export const WORKLOAD_TYPES: readonly ResourceType[] = [
  define('apps', 'Deployment', 'deployments'),
  define('apps', 'StatefulSet', 'statefulsets'),
  define('apps', 'DaemonSet', 'daemonsets'),
  define('apps', 'ReplicaSet', 'replicasets'),
  define('batch', 'CronJob', 'cronjobs'),
  define('batch', 'Job', 'jobs'),
  define('', 'ReplicationController', 'replicationcontrollers'),
];

export const SERVICE = define('', 'Service', 'services');
export const SERVICE_ACCOUNT = define('', 'ServiceAccount', 'serviceaccounts');
export const RESOURCE_QUOTA = define('', 'ResourceQuota', 'resourcequotas');
export const LIMIT_RANGE = define('', 'LimitRange', 'limitranges');
export const INGRESS = define('networking.k8s.io', 'Ingress', 'ingresses');
export const INGRESS_CLASS = define('networking.k8s.io', 'IngressClass', 'ingressclasses', false);
export const PRIORITY_CLASS = define('scheduling.k8s.io', 'PriorityClass', 'priorityclasses', false);
export const RUNTIME_CLASS = define('node.k8s.io', 'RuntimeClass', 'runtimeclasses', false);
export const CSI_DRIVER = define('storage.k8s.io', 'CSIDriver', 'csidrivers', false);
export const CSI_NODE = define('storage.k8s.io', 'CSINode', 'csinodes', false);
export const CSI_STORAGE_CAPACITY = define('storage.k8s.io', 'CSIStorageCapacity', 'csistoragecapacities');
export const CLUSTER_ROLE = define(RBAC, 'ClusterRole', 'clusterroles', false);
export const CLUSTER_ROLE_BINDING = define(RBAC, 'ClusterRoleBinding', 'clusterrolebindings', false);
export const ENDPOINT_SLICE = define('discovery.k8s.io', 'EndpointSlice', 'endpointslices');
export const WEBHOOK_CONFIGURATIONS: readonly ResourceType[] = [
  define(ADMISSION, 'ValidatingWebhookConfiguration', 'validatingwebhookconfigurations', false),
  define(ADMISSION, 'MutatingWebhookConfiguration', 'mutatingwebhookconfigurations', false),
];
