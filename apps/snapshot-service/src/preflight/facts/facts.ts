import type { ClusterStatus } from '@godwit/contracts/calls';
import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import type { MigrationDefinition } from '@godwit/contracts/migration-definition';
import type { Discovery } from '@godwit/kube/discovery';
import type { ResourceType } from '@godwit/kube/resource-type';
import type { SelectionCriteria } from '@godwit/selection/selection-criteria';
import type { ExistingClaim, PlannedVolume } from '../plan-volumes.ts';
import type { PodSpec } from './pod-spec.ts';

/**
 * All that the checks look at. Plain data, collected once for a run and reduced as each page of a list comes in: what is kept
 * grows with the number of workloads, not with the size of their manifests, and pods are kept only where no workload makes them.
 */
export interface Facts {
  definition: MigrationDefinition;
  criteria: SelectionCriteria;
  /** Selected namespace -> its name on the destination. */
  namespaces: Readonly<Record<string, string>>;
  source: SourceFacts;
  destination: DestinationFacts;
  /** What is planned for each selected claim. */
  volumes: readonly PlannedVolume[];
  store: StoreFacts;
  moverImage: string;
}

/** What is looked at on either side. */
export interface ClusterFacts {
  name: string;
  status: ClusterStatus;
  discovery: Discovery;
  nodes: NodeFacts[];
  /** All that the nodes hold, with full names. */
  nodeImages: ReadonlySet<string>;
  definitions: Definition[];
  controllers: Controller[];
  /** Our own namespace, if it is there. */
  workspace?: NamespaceFacts;
  /** Names of the classes of each kind. */
  classes: Record<ClassKind, ReadonlySet<string>>;
}

export interface SourceFacts extends ClusterFacts {
  /** The selected namespaces, by name. */
  namespaces: ReadonlyMap<string, NamespaceFacts>;
  /** What runs pods, is selected, and is not left as the destination has it. */
  workloads: Workload[];
  services: ServiceFacts[];
  ingresses: { object: string; className: string }[];
  claims: KubernetesObject[];
  /** Claim -> a pod that uses it and has not ended, both as `namespace/name`. */
  claimUsers: ReadonlyMap<string, string>;
  /** Of the selected claims, by name. */
  volumes: ReadonlyMap<string, KubernetesObject>;
  quotas: Quota[];
  limitRanges: LimitRangeFacts[];
  /** `namespace/name` of the Secrets for registries; undefined if they may not be listed. */
  pullSecrets?: ReadonlySet<string>;
  /** ServiceAccounts that name pull secrets, by `namespace/name`. */
  accountPullSecrets: ReadonlyMap<string, string[]>;
  /** Kinds of which selected objects were seen: custom ones, and those that the destination does not serve. */
  present: PresentType[];
  /** What is to be looked at and may not be listed. */
  unlistable: RefusedType[];
}

export interface DestinationFacts extends ClusterFacts {
  /** All of them, by name. */
  namespaces: ReadonlyMap<string, NamespaceFacts>;
  services: ServiceFacts[];
  /** `Kind namespace/name` of the workloads in the namespaces that objects land in. */
  existing: ReadonlySet<string>;
  /** The claims in those namespaces, by `namespace/name`. */
  claims: ReadonlyMap<string, ExistingClaim>;
  quotas: Quota[];
  limitRanges: LimitRangeFacts[];
  storageClasses: StorageClassFacts[];
  /** Names of drivers that are registered; undefined if they may not be listed. */
  csiDrivers?: ReadonlySet<string>;
  /** Names of drivers that run on a node. */
  csiNodeDrivers: ReadonlySet<string>;
  capacities: StorageCapacity[];
  webhooks: WebhookFacts[];
  images: ImagesSeen;
  /** Sum of the requests of the pods that are bound to nodes. */
  requested: Record<string, number>;
  /** True if something that adds nodes was seen. */
  addsNodes: boolean;
  /** What is to be created and may not be; of roles, what they may grant without our holding it ourselves. */
  uncreatable: RefusedType[];
}

export type ClassKind = 'PriorityClass' | 'IngressClass' | 'RuntimeClass';

export interface NamespaceFacts {
  name: string;
  labels: Record<string, string>;
  terminating: boolean;
  /** What its conditions say holds it, while it is terminating. */
  holds: string[];
}

export interface NodeFacts {
  name: string;
  labels: Record<string, string>;
  taints: { key: string; value?: string; effect: string }[];
  allocatable: Record<string, number>;
  /** A cloud's controller knows it. */
  isOfCloud: boolean;
}

export interface Workload {
  /** `Kind namespace/name`. */
  object: string;
  kind: string;
  /** On the source. */
  namespace: string;
  name: string;
  /** How many pods it asks for; of a DaemonSet 1, of what waits for its time 0. */
  replicas: number;
  /** Annotations of its pods that name AppArmor profiles. */
  podAnnotations: Record<string, string>;
  spec: PodSpec;
  /** Claims that it makes for its pods. */
  claimTemplates: { storageClassName?: string; accessModes?: string[]; volumeMode?: string; storage: number }[];
}

export interface ServiceFacts {
  object: string;
  namespace: string;
  name: string;
  type: string;
  /** Of the source: those that are wanted; of the destination: those that are taken. With the protocol, `30080/TCP`. */
  nodePorts: string[];
  loadBalancerClass?: string;
  hasAddress: boolean;
}

export interface Quota {
  object: string;
  namespace: string;
  hard: Record<string, number>;
  used: Record<string, number>;
  /** It counts only some pods. */
  scoped: boolean;
}

export interface LimitRangeFacts {
  object: string;
  namespace: string;
  limits: {
    type: string;
    max?: Record<string, string>;
    min?: Record<string, string>;
    default?: Record<string, string>;
    defaultRequest?: Record<string, string>;
  }[];
}

export interface StorageClassFacts {
  name: string;
  provisioner: string;
  isDefault: boolean;
  parameters: Record<string, string>;
  /** Topology values that it makes volumes in, by key; empty: anywhere. */
  allowedTopologies: Record<string, string[]>;
}

export interface StorageCapacity {
  storageClassName: string;
  capacity?: number;
  maximumVolumeSize?: number;
}

/** A CustomResourceDefinition. */
export interface Definition {
  name: string;
  group: string;
  kind: string;
  plural: string;
  scope: string;
  servedVersions: string[];
  conversionService?: { namespace: string; name: string };
}

/** An account that a cluster role lets write the status of a group's resources, as controllers do. */
export interface Controller {
  /** `namespace/name` of the ServiceAccount. */
  account: string;
  /** `resource.group`, with `*` for all resources of a group. */
  writes: string[];
}

export interface WebhookFacts {
  object: string;
  webhook: string;
  service?: { namespace: string; name: string };
  /** Whether the service has an endpoint that is ready; undefined if it could not be seen, or is a URL. */
  isReady?: boolean;
  rules: { apiGroups: string[]; resources: string[]; operations: string[] }[];
  /** It looks at some namespaces or objects only. */
  selective: boolean;
}

export interface ImagesSeen {
  /** Images on nodes and of running pods. */
  images: ReadonlySet<string>;
  registries: ReadonlySet<string>;
}

export interface PresentType {
  type: ResourceType;
  /** An object of it. */
  example: string;
}

export interface RefusedType {
  type: ResourceType;
  verb: string;
  /** In which namespaces, as the cluster knows them; empty: in the whole cluster. */
  namespaces: string[];
}

export interface StoreFacts {
  endpoint: string;
}
