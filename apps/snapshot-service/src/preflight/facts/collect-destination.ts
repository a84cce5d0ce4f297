import { describeObject, type KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { RUN_LABEL } from '@godwit/contracts/labels';
import type { KubeClient } from '@godwit/kube/kube-client';
import { PERSISTENT_VOLUME_CLAIM, POD, type ResourceType, STORAGE_CLASS } from '@godwit/kube/resource-type';
import type { ExistingClaim } from '../plan-volumes.ts';
import { amountOf } from '../quantity.ts';
import type { ClusterFacts, DestinationFacts, NamespaceFacts, StorageCapacity, StorageClassFacts } from './facts.ts';
import { fullImageName, registryOf } from './images.ts';
import { listReduced } from './list-reduced.ts';
import { observeWebhooks } from './observe-webhooks.ts';
import { add, type PodSpec, requestsOf } from './pod-spec.ts';
import { reduceLimitRange, reduceQuota, reduceService } from './reduce.ts';
import { CSI_DRIVER, CSI_NODE, CSI_STORAGE_CAPACITY, LIMIT_RANGE, RESOURCE_QUOTA, SERVICE, WORKLOAD_TYPES } from './types.ts';

type Collected = Omit<DestinationFacts, 'uncreatable'>;

/** Annotations of nodes that node groups of autoscalers leave. */
const AUTOSCALED = ['cluster-autoscaler.kubernetes.io', 'karpenter.sh'];
/** Autoscalers that leave no trace on nodes run as pods. */
const AUTOSCALER_IMAGE = /cluster-autoscaler|karpenter/;

/**
 * What is on the destination, as far as what lands will meet it.
 * @param targets namespaces that objects land in
 */
export async function collectDestination(
  client: KubeClient,
  cluster: ClusterFacts & { allNamespaces: ReadonlyMap<string, NamespaceFacts> },
  targets: readonly string[],
  signal: AbortSignal,
): Promise<Collected> {
  const there = targets.filter((name) => cluster.allNamespaces.has(name));
  const all = <T>(type: ResourceType, reduce: (object: KubernetesObject) => T | undefined) =>
    listReduced(client, type, undefined, reduce, signal);
  const [storage, drivers, nodeDrivers, capacities, services, existing, claims, quotas, limitRanges, pods, webhooks] =
    await Promise.all([
      all(STORAGE_CLASS, reduceStorageClass),
      all(CSI_DRIVER, ({ metadata }) => metadata.name),
      all(CSI_NODE, driversOf),
      all(CSI_STORAGE_CAPACITY, reduceCapacity),
      all(SERVICE, (service) => reduceService(service)),
      Promise.all([...WORKLOAD_TYPES, POD].map((type) => listReduced(client, type, there, describeObject, signal))),
      listReduced(client, PERSISTENT_VOLUME_CLAIM, there, reduceClaim, signal),
      listReduced(client, RESOURCE_QUOTA, there, reduceQuota, signal),
      listReduced(client, LIMIT_RANGE, there, reduceLimitRange, signal),
      observePods(client, signal),
      observeWebhooks(client, signal),
    ]);
  const images = new Set([...cluster.nodeImages, ...[...pods.images].map(fullImageName)]);
  return {
    ...cluster,
    namespaces: cluster.allNamespaces,
    services: services ?? [],
    existing: new Set(existing.flatMap((list) => list ?? [])),
    claims: new Map(claims),
    quotas: quotas ?? [],
    limitRanges: limitRanges ?? [],
    storageClasses: storage ?? [],
    csiDrivers: drivers && new Set(drivers),
    csiNodeDrivers: new Set((nodeDrivers ?? []).flat()),
    capacities: capacities ?? [],
    webhooks,
    images: { images, registries: new Set([...images].map(registryOf)) },
    requested: pods.requested,
    addsNodes:
      [...images].some((image) => AUTOSCALER_IMAGE.test(image)) ||
      cluster.definitions.some(({ group }) => group === 'karpenter.sh') ||
      cluster.nodes.some(({ labels }) => Object.keys(labels).some((key) => AUTOSCALED.some((prefix) => key.startsWith(prefix)))),
  };
}

function reduceStorageClass(object: KubernetesObject): StorageClassFacts {
  const topologies = (object.allowedTopologies ?? []) as { matchLabelExpressions?: { key: string; values: string[] }[] }[];
  const allowedTopologies: Record<string, string[]> = {};
  for (const { key, values } of topologies.flatMap(({ matchLabelExpressions = [] }) => matchLabelExpressions)) {
    allowedTopologies[key] = [...(allowedTopologies[key] ?? []), ...values];
  }
  return {
    name: object.metadata.name,
    provisioner: String(object.provisioner),
    isDefault: object.metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true',
    parameters: (object.parameters ?? {}) as Record<string, string>,
    allowedTopologies,
  };
}

function reduceClaim({ metadata }: KubernetesObject): [string, ExistingClaim] {
  const holds = metadata.deletionTimestamp ? (metadata.finalizers ?? []) : undefined;
  const madeBy = metadata.labels?.[RUN_LABEL];
  return [`${metadata.namespace}/${metadata.name}`, { ...(holds && { heldBy: holds }), ...(madeBy && { madeBy }) }];
}

function driversOf({ spec }: KubernetesObject): string[] {
  return ((spec as { drivers?: { name: string }[] | null }).drivers ?? []).map(({ name }) => name);
}

function reduceCapacity(object: KubernetesObject): StorageCapacity {
  const { storageClassName, capacity, maximumVolumeSize } = object as unknown as {
    storageClassName: string;
    capacity?: string;
    maximumVolumeSize?: string;
  };
  return {
    storageClassName,
    ...(capacity !== undefined && { capacity: amountOf(capacity) }),
    ...(maximumVolumeSize !== undefined && { maximumVolumeSize: amountOf(maximumVolumeSize) }),
  };
}

/** Only sums and sets are kept, however many pods there are. */
async function observePods(client: KubeClient, signal: AbortSignal) {
  const images = new Set<string>();
  let requested: Record<string, number> = {};
  await listReduced(
    client,
    POD,
    undefined,
    ({ spec, status }) => {
      const phase = (status as { phase?: string }).phase;
      const pod = spec as unknown as PodSpec & { nodeName?: string };
      if (phase === 'Running') for (const { image } of pod.containers) if (image) images.add(image);
      if (pod.nodeName && phase !== 'Succeeded' && phase !== 'Failed')
        requested = add(requested, { ...requestsOf(pod), pods: 1 });
      return undefined;
    },
    signal,
  );
  return { images, requested };
}
