import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { MigrationDefinition } from '@godwit/contracts/migration-definition';
import { type Discovery, toDiscovery } from '@godwit/kube/discovery';
import type { ResourceType } from '@godwit/kube/resource-type';
import { readSelection } from '@godwit/selection/selection-criteria';
import type { DestinationFacts, Facts, NamespaceFacts, NodeFacts, SourceFacts, Workload } from '../facts/facts.ts';
import { reduceNamespace, reduceNode, reduceWorkload } from '../facts/reduce.ts';
import type { PlannedVolume } from '../plan-volumes.ts';

const ID = '00000000-0000-4000-8000-000000000001';

export interface FactsOptions {
  definition?: { selection?: object; transforms?: object };
  namespaces?: Record<string, string>;
  source?: Partial<SourceFacts>;
  destination?: Partial<DestinationFacts>;
  volumes?: PlannedVolume[];
  endpoint?: string;
  moverImage?: string;
}

/** Facts of two small clusters, between which namespace `shop` moves to `store`, and nothing stands in the way. */
export function buildFacts(options: FactsOptions = {}): Facts {
  const namespaces = options.namespaces ?? { shop: 'store' };
  const definition = MigrationDefinition.parse({
    name: 'shop',
    sourceClusterId: ID,
    destination: { type: 'Registered', clusterId: ID.replace(/1$/, '2') },
    copy: { storage: { type: 'ObjectStore', objectStoreId: ID } },
    ...options.definition,
  });
  const common = {
    discovery: discoveryOf(),
    nodeImages: new Set<string>(),
    definitions: [],
    controllers: [],
    services: [],
    quotas: [],
    limitRanges: [],
    classes: { PriorityClass: new Set<string>(), IngressClass: new Set<string>(), RuntimeClass: new Set<string>() },
  };
  return {
    definition,
    criteria: readSelection(definition.selection, Object.keys(namespaces)),
    namespaces,
    source: {
      ...common,
      name: 'from',
      status: { state: 'Active', version: 'v1.34.2', nodes: 1 },
      nodes: [node('source-1')],
      namespaces: namespacesOf({ metadata: { name: 'shop' } }),
      workloads: [],
      ingresses: [],
      claims: [],
      claimUsers: new Map(),
      volumes: new Map(),
      pullSecrets: new Set(),
      accountPullSecrets: new Map(),
      present: [],
      unlistable: [],
      ...options.source,
    },
    destination: {
      ...common,
      name: 'to',
      status: { state: 'Active', version: 'v1.34.1', nodes: 1 },
      nodes: [node('destination-1')],
      namespaces: new Map(),
      existing: new Set(),
      claims: new Map(),
      storageClasses: [{ name: 'fast', provisioner: 'csi.example.com', isDefault: true, parameters: {}, allowedTopologies: {} }],
      csiDrivers: new Set(['csi.example.com']),
      csiNodeDrivers: new Set(['csi.example.com']),
      capacities: [],
      webhooks: [],
      images: { images: new Set(), registries: new Set() },
      requested: {},
      addsNodes: false,
      uncreatable: [],
      ...options.destination,
    },
    volumes: options.volumes ?? [],
    store: { endpoint: options.endpoint ?? 'https://s3.eu-central-1.amazonaws.com' },
    moverImage: options.moverImage ?? 'registry.example.com/godwit/mover:1.0.0',
  };
}

/** A node as kubelets register them: 4 cores, 16 GiB. */
export function node(
  name: string,
  labels: Record<string, string> = {},
  more: { taints?: object[]; allocatable?: Record<string, string>; providerID?: string } = {},
): NodeFacts {
  const { taints, allocatable, providerID } = more;
  return reduceNode({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: { 'kubernetes.io/arch': 'amd64', 'kubernetes.io/os': 'linux', 'kubernetes.io/hostname': name, ...labels },
    },
    spec: { taints, providerID },
    status: { allocatable: { cpu: '4', memory: '16Gi', pods: '110', 'ephemeral-storage': '90Gi', ...allocatable } },
  });
}

/** A workload of namespace `shop` as it would land. */
export function workload(
  podSpec: object,
  more: { kind?: string; name?: string; spec?: object; annotations?: object } = {},
): Workload {
  const { kind = 'Deployment', name = 'web', spec = {}, annotations } = more;
  const object: KubernetesObject = {
    apiVersion: kind === 'Job' || kind === 'CronJob' ? 'batch/v1' : 'apps/v1',
    kind,
    metadata: { name, namespace: 'shop' },
    spec: {
      ...spec,
      template: { metadata: { annotations }, spec: { containers: [{ name: 'main', image: 'nginx:1.29' }], ...podSpec } },
    },
  };
  return reduceWorkload(object, object)!;
}

export function namespacesOf(...namespaces: { metadata: object; status?: object }[]): Map<string, NamespaceFacts> {
  return new Map(
    namespaces
      .map((namespace) => reduceNamespace({ apiVersion: 'v1', kind: 'Namespace', ...namespace } as KubernetesObject))
      .map((facts) => [facts.name, facts]),
  );
}

/** The volume of claim `shop/data`, 10 GiB of class `fast` on either side. */
export function volume(source: Partial<PlannedVolume['source']> = {}, more: Partial<PlannedVolume> = {}): PlannedVolume {
  return {
    namespace: 'shop',
    name: 'data',
    targetNamespace: 'store',
    capacityBytes: 10 * 2 ** 30,
    requestedBytes: 10 * 2 ** 30,
    ...more,
    source: {
      claimUid: 'u1',
      pvName: 'pvc-u1',
      driver: 'csi.example.com',
      exposure: 'Snapshot',
      exposedReadOnly: false,
      exposedStorageClassName: 'fast',
      volumeMode: 'Filesystem',
      accessModes: ['ReadWriteOnce'],
      requestedStorage: '10Gi',
      snapshotClassName: 'fast',
      targetStorageClassName: 'fast',
      pvLabels: {},
      pvReclaimPolicy: 'Delete',
      ...source,
    },
  };
}

export function type(plural: string, group: string, kind: string, version = 'v1'): ResourceType {
  return {
    group,
    version,
    kind,
    plural,
    namespaced: true,
    shortNames: [],
    verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
  };
}

/** What every cluster serves, as far as checks ask, and more. */
export function discoveryOf(...more: ResourceType[]): Discovery {
  const clusterScoped = [
    { ...type('customresourcedefinitions', 'apiextensions.k8s.io', 'CustomResourceDefinition'), shortNames: ['crd', 'crds'] },
    { ...type('priorityclasses', 'scheduling.k8s.io', 'PriorityClass'), shortNames: ['pc'] },
    type('ingressclasses', 'networking.k8s.io', 'IngressClass'),
    type('runtimeclasses', 'node.k8s.io', 'RuntimeClass'),
  ];
  return toDiscovery([...clusterScoped.map((known) => ({ ...known, namespaced: false })), ...more], []);
}
