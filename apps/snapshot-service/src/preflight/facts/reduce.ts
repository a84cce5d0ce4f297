import { describeObject, type KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { podSpecOf } from '@godwit/selection/pod-spec';
import type { ServicePort } from '@godwit/transforms/manual-node-ports';
import { amountOf } from '../quantity.ts';
import type { Definition, LimitRangeFacts, NamespaceFacts, NodeFacts, Quota, ServiceFacts, Workload } from './facts.ts';
import { reducePodSpec } from './pod-spec.ts';

type Fields = Record<string, unknown>;
type Quantities = Record<string, string>;

/** What distributions without a cloud give their nodes. */
const OWN_PROVIDERS = ['kind://', 'k3s://', 'rke2://'];
/** Annotation of the mirror pods of kubelets. */
const MIRROR = 'kubernetes.io/config.mirror';
const APP_ARMOR = 'container.apparmor.security.beta.kubernetes.io/';
/** What runs its pods when their time comes. */
const WAITING_KINDS = ['CronJob', 'Job'];

export function reduceNamespace({ metadata, status }: KubernetesObject): NamespaceFacts {
  const { conditions = [] } = (status ?? {}) as { conditions?: { status: string; message?: string }[] };
  return {
    name: metadata.name,
    labels: metadata.labels ?? {},
    terminating: metadata.deletionTimestamp !== undefined,
    holds: conditions.filter((condition) => condition.status === 'True').flatMap(({ message }) => message || []),
  };
}

export function reduceNode({ metadata, spec, status }: KubernetesObject): NodeFacts {
  const { taints = [], providerID = '' } = (spec ?? {}) as { taints?: NodeFacts['taints']; providerID?: string };
  const { allocatable = {} } = (status ?? {}) as { allocatable?: Quantities };
  return {
    name: metadata.name,
    labels: metadata.labels ?? {},
    taints: taints.map(({ key, value, effect }) => ({ key, value, effect })),
    allocatable: amounts(allocatable),
    isOfCloud: providerID !== '' && !OWN_PROVIDERS.some((scheme) => providerID.startsWith(scheme)),
  };
}

/**
 * @param object as the source has it
 * @param landing the object as it would land, transformed
 * @returns undefined of what runs no pods
 */
export function reduceWorkload(object: KubernetesObject, landing: KubernetesObject): Workload | undefined {
  const podSpec = podSpecOf(landing);
  if (!podSpec) return undefined;
  const {
    replicas = 1,
    template,
    volumeClaimTemplates = [],
  } = (landing.spec ?? {}) as {
    replicas?: number;
    template?: { metadata?: { annotations?: Record<string, string> } };
    volumeClaimTemplates?: { spec: Fields }[];
  };
  const annotations = (object.kind === 'Pod' ? landing.metadata.annotations : template?.metadata?.annotations) ?? {};
  return {
    object: describeObject(object),
    kind: object.kind,
    namespace: object.metadata.namespace ?? '',
    name: object.metadata.name,
    replicas: WAITING_KINDS.includes(object.kind) ? 0 : replicas,
    podAnnotations: Object.fromEntries(Object.entries(annotations).filter(([key]) => key.startsWith(APP_ARMOR))),
    spec: reducePodSpec(podSpec),
    claimTemplates: volumeClaimTemplates.map(({ spec }) => {
      const { storageClassName, accessModes, volumeMode, resources } = spec as {
        storageClassName?: string;
        accessModes?: string[];
        volumeMode?: string;
        resources?: { requests?: { storage?: string } };
      };
      return { storageClassName, accessModes, volumeMode, storage: amountOf(resources?.requests?.storage) };
    }),
  };
}

/** What decides whether a pod is captured and which claims it mounts. */
export function reducePod({ apiVersion, kind, metadata, spec, status }: KubernetesObject): KubernetesObject {
  const { name, namespace, uid, labels, ownerReferences, deletionTimestamp } = metadata;
  const mirrors = metadata.annotations?.[MIRROR];
  const { volumes = [] } = (spec ?? {}) as { volumes?: { persistentVolumeClaim?: object; ephemeral?: object }[] };
  const { phase } = (status ?? {}) as { phase?: string };
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      namespace,
      uid,
      labels,
      ownerReferences,
      deletionTimestamp,
      ...(mirrors && { annotations: { [MIRROR]: mirrors } }),
    },
    spec: { volumes: volumes.filter(({ persistentVolumeClaim, ephemeral }) => persistentVolumeClaim ?? ephemeral) },
    status: { phase },
  };
}

interface ServiceSpec {
  type?: string;
  ports?: ServicePort[];
  healthCheckNodePort?: number;
  loadBalancerClass?: string;
}

/** @param landing the Service as it would land, with the node ports that it takes along (rules 7 and 8) */
export function reduceService(object: KubernetesObject, landing: KubernetesObject = object): ServiceFacts {
  const spec = (landing.spec ?? {}) as ServiceSpec;
  const { loadBalancer } = (object.status ?? {}) as { loadBalancer?: { ingress?: unknown[] } };
  return {
    object: describeObject(object),
    namespace: object.metadata.namespace ?? '',
    name: object.metadata.name,
    type: spec.type ?? 'ClusterIP',
    nodePorts: nodePorts(spec),
    ...(spec.loadBalancerClass && { loadBalancerClass: spec.loadBalancerClass }),
    hasAddress: (loadBalancer?.ingress?.length ?? 0) > 0,
  };
}

function nodePorts({ ports = [], healthCheckNodePort }: ServiceSpec): string[] {
  const taken = ports.filter(({ nodePort }) => nodePort).map(({ nodePort, protocol = 'TCP' }) => `${nodePort}/${protocol}`);
  return healthCheckNodePort ? [...taken, `${healthCheckNodePort}/TCP`] : taken;
}

export function reduceIngress(object: KubernetesObject): { object: string; className: string } | undefined {
  const { ingressClassName } = (object.spec ?? {}) as { ingressClassName?: string };
  const className = ingressClassName ?? object.metadata.annotations?.['kubernetes.io/ingress.class'];
  return className ? { object: describeObject(object), className } : undefined;
}

export function reduceQuota(object: KubernetesObject): Quota {
  const spec = object.spec as { hard?: Quantities; scopes?: string[]; scopeSelector?: object };
  const { used = {} } = (object.status ?? {}) as { used?: Quantities };
  return {
    object: describeObject(object),
    namespace: object.metadata.namespace ?? '',
    hard: amounts(spec.hard),
    used: amounts(used),
    scoped: (spec.scopes?.length ?? 0) > 0 || spec.scopeSelector !== undefined,
  };
}

export function reduceLimitRange(object: KubernetesObject): LimitRangeFacts {
  const { limits } = (object.spec ?? {}) as { limits?: LimitRangeFacts['limits'] | null };
  return { object: describeObject(object), namespace: object.metadata.namespace ?? '', limits: limits ?? [] };
}

export function reduceDefinition({ metadata, spec }: KubernetesObject): Definition {
  const { group, names, scope, versions, conversion } = spec as {
    group: string;
    names: { kind: string; plural: string };
    scope: string;
    versions: { name: string; served: boolean }[];
    conversion?: { webhook?: { clientConfig?: { service?: { namespace: string; name: string } } } };
  };
  const service = conversion?.webhook?.clientConfig?.service;
  return {
    name: metadata.name,
    group,
    kind: names.kind,
    plural: names.plural,
    scope,
    servedVersions: versions.filter(({ served }) => served).map(({ name }) => name),
    ...(service && { conversionService: { namespace: service.namespace, name: service.name } }),
  };
}

function amounts(quantities: Quantities = {}): Record<string, number> {
  return Object.fromEntries(Object.entries(quantities).map(([name, quantity]) => [name, amountOf(quantity)]));
}
