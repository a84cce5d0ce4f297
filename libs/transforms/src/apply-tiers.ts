import { groupOf, type KubernetesObject } from '@godwit/contracts/kubernetes-object';

/** One stage of applying: its objects go in parallel, the next tier starts when all of them are in. */
export interface ApplyTier {
  name: string;
  /** True: its objects may start pods, so it waits until the volumes hold their data (rule 22). */
  waitsForVolumes: boolean;
  /** `Kind` for the core group, `Kind.group`, or `*.group` for all kinds of a group. */
  kinds: readonly string[];
}

const tier = (name: string, kinds: string[], waitsForVolumes = false): ApplyTier => ({ name, kinds, waitsForVolumes });

/** The order in which objects land on the destination (rule 29). */
export const APPLY_TIERS: readonly ApplyTier[] = [
  tier('custom-resource-definitions', ['CustomResourceDefinition.apiextensions.k8s.io']),
  tier('namespaces', ['Namespace', 'Project.project.openshift.io']),
  tier('classes', [
    'PriorityClass.scheduling.k8s.io',
    'StorageClass.storage.k8s.io',
    'IngressClass.networking.k8s.io',
    'RuntimeClass.node.k8s.io',
    'VolumeAttributesClass.storage.k8s.io',
    'CSIDriver.storage.k8s.io',
    'VolumeSnapshotClass.snapshot.storage.k8s.io',
    'DeviceClass.resource.k8s.io',
    'GatewayClass.gateway.networking.k8s.io',
    '*.flowcontrol.apiserver.k8s.io',
  ]),
  tier('roles', [
    'ClusterRole.rbac.authorization.k8s.io',
    'Role.rbac.authorization.k8s.io',
    'SecurityContextConstraints.security.openshift.io',
  ]),
  tier('service-accounts', ['ServiceAccount']),
  tier('role-bindings', ['ClusterRoleBinding.rbac.authorization.k8s.io', 'RoleBinding.rbac.authorization.k8s.io']),
  tier('configuration', ['Secret', 'ConfigMap', 'LimitRange']),
  // A claim that came before the volume which is reserved for it might be given another one.
  tier('volumes', ['PersistentVolume']),
  tier('claims', ['PersistentVolumeClaim']),
  // Custom resources that are known to start no pod; often workloads need what their controllers make of them.
  tier('custom-resources', [
    '*.cert-manager.io',
    '*.acme.cert-manager.io',
    '*.external-secrets.io',
    '*.bitnami.com',
    '*.networking.istio.io',
    '*.security.istio.io',
    '*.traefik.io',
    'PodMonitor.monitoring.coreos.com',
    'ServiceMonitor.monitoring.coreos.com',
    'PrometheusRule.monitoring.coreos.com',
  ]),
  tier('services', ['Service', 'Endpoints', 'EndpointSlice.discovery.k8s.io']),
  // All other custom resources: what runs pods must not run before its data is there, and what we do not know may run pods.
  tier('custom-workloads', [], true),
  tier(
    'workloads',
    [
      'Pod',
      'PodTemplate',
      'ReplicationController',
      'Deployment.apps',
      'StatefulSet.apps',
      'DaemonSet.apps',
      'ReplicaSet.apps',
      'Job.batch',
      'CronJob.batch',
      'DeploymentConfig.apps.openshift.io',
    ],
    true,
  ),
  tier(
    'traffic-and-scaling',
    [
      '*.autoscaling',
      '*.autoscaling.k8s.io',
      '*.keda.sh',
      '*.policy',
      '*.networking.k8s.io',
      '*.gateway.networking.k8s.io',
      'Route.route.openshift.io',
    ],
    true,
  ),
  // Late, or a quota would hold back our own pods.
  tier('quotas', ['ResourceQuota'], true),
  // Last, and only after their backends are Ready: a webhook without a backend blocks everything that comes after it.
  tier('admission', ['*.admissionregistration.k8s.io', 'APIService.apiregistration.k8s.io'], true),
];

const TIER_OF = new Map(APPLY_TIERS.flatMap(({ kinds }, index) => kinds.map((kind) => [kind, index] as const)));
const UNKNOWN = APPLY_TIERS.findIndex(({ name }) => name === 'custom-workloads');

/** @returns the index in `APPLY_TIERS` of the object's tier; a kind that no tier names goes with the custom workloads. */
export function applyTier(object: Pick<KubernetesObject, 'apiVersion' | 'kind'>): number {
  const group = groupOf(object.apiVersion);
  const kind = group ? `${object.kind}.${group}` : object.kind;
  return TIER_OF.get(kind) ?? TIER_OF.get(`*.${group}`) ?? UNKNOWN;
}
