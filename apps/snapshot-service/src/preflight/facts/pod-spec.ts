import { amountOf } from '../quantity.ts';

/** The parts of a pod's spec that checks look at; see {@link reducePodSpec}. */
export interface PodSpec {
  containers: Container[];
  initContainers?: Container[];
  ephemeralContainers?: Container[];
  volumes?: ({ name: string } & Record<string, unknown>)[];
  nodeSelector?: Record<string, string>;
  affinity?: { nodeAffinity?: { requiredDuringSchedulingIgnoredDuringExecution?: { nodeSelectorTerms?: NodeSelectorTerm[] } } };
  tolerations?: Toleration[];
  os?: { name: string };
  hostNetwork?: boolean;
  hostPID?: boolean;
  hostIPC?: boolean;
  hostUsers?: boolean;
  priorityClassName?: string;
  runtimeClassName?: string;
  serviceAccountName?: string;
  imagePullSecrets?: { name?: string }[];
  securityContext?: SecurityContext & { sysctls?: { name: string }[] };
  overhead?: Record<string, string>;
}

export interface Container {
  name: string;
  image?: string;
  restartPolicy?: string;
  ports?: { hostPort?: number }[];
  resources?: { requests?: Record<string, string>; limits?: Record<string, string> };
  securityContext?: SecurityContext & {
    privileged?: boolean;
    allowPrivilegeEscalation?: boolean;
    capabilities?: { add?: string[]; drop?: string[] };
    procMount?: string;
  };
  /** Hosts other than the pod that probes and lifecycle hooks talk to. */
  handlerHosts?: string[];
}

export interface SecurityContext {
  runAsNonRoot?: boolean;
  runAsUser?: number;
  seccompProfile?: { type?: string };
  appArmorProfile?: { type?: string };
  seLinuxOptions?: { type?: string; user?: string; role?: string };
  windowsOptions?: { hostProcess?: boolean };
}

export interface NodeSelectorRequirement {
  key: string;
  operator: string;
  values?: string[];
}

export interface NodeSelectorTerm {
  matchExpressions?: NodeSelectorRequirement[];
  matchFields?: NodeSelectorRequirement[];
}

export interface Toleration {
  key?: string;
  operator?: string;
  value?: string;
  effect?: string;
}

const KEPT_OF_POD = [
  'nodeSelector',
  'affinity',
  'tolerations',
  'os',
  'hostNetwork',
  'hostPID',
  'hostIPC',
  'hostUsers',
  'priorityClassName',
  'runtimeClassName',
  'serviceAccountName',
  'imagePullSecrets',
  'securityContext',
  'overhead',
  'volumes',
] as const;
const KEPT_OF_CONTAINER = ['name', 'image', 'restartPolicy', 'ports', 'resources', 'securityContext'] as const;

type Fields = Record<string, unknown>;

/** Drops what no check looks at (environments, arguments, probes): most of a spec, and what secrets may lie in. */
export function reducePodSpec(spec: Fields): PodSpec {
  const containers = (field: string) => (spec[field] as Fields[] | undefined)?.map(reduceContainer);
  const [initContainers, ephemeralContainers] = [containers('initContainers'), containers('ephemeralContainers')];
  return {
    ...(pick(spec, KEPT_OF_POD) as Omit<PodSpec, 'containers'>),
    containers: containers('containers') ?? [],
    ...(initContainers && { initContainers }),
    ...(ephemeralContainers && { ephemeralContainers }),
  };
}

function reduceContainer(container: Fields): Container {
  const lifecycle = (container.lifecycle ?? {}) as Fields;
  const handlers = [
    container.livenessProbe,
    container.readinessProbe,
    container.startupProbe,
    lifecycle.postStart,
    lifecycle.preStop,
  ] as ({ httpGet?: { host?: string }; tcpSocket?: { host?: string } } | undefined)[];
  const handlerHosts = handlers.flatMap((handler) =>
    [handler?.httpGet?.host, handler?.tcpSocket?.host].filter((host): host is string => !!host),
  );
  return {
    ...(pick(container, KEPT_OF_CONTAINER) as unknown as Container),
    ...(handlerHosts.length > 0 && { handlerHosts }),
  };
}

function pick(fields: Fields, names: readonly string[]): Fields {
  return Object.fromEntries(names.filter((name) => fields[name] !== undefined).map((name) => [name, fields[name]]));
}

/** All containers that a pod may run. */
export function allContainers(spec: PodSpec): Container[] {
  return [...spec.containers, ...(spec.initContainers ?? []), ...(spec.ephemeralContainers ?? [])];
}

/**
 * What a pod asks of its node, as the scheduler counts it: the sum of its containers and sidecars, or the largest init
 * container where that is more, and the overhead. A request that is left out is its limit.
 */
export function requestsOf(spec: PodSpec, of: 'requests' | 'limits' = 'requests'): Record<string, number> {
  const asked = (container: Container) =>
    amounts(of === 'limits' ? container.resources?.limits : { ...container.resources?.limits, ...container.resources?.requests });
  let sidecars: Record<string, number> = {};
  let initPeak: Record<string, number> = {};
  for (const init of spec.initContainers ?? []) {
    if (init.restartPolicy === 'Always') sidecars = add(sidecars, asked(init));
    initPeak = max(initPeak, init.restartPolicy === 'Always' ? sidecars : add(sidecars, asked(init)));
  }
  const running = spec.containers.map(asked).reduce(add, sidecars);
  return add(max(running, initPeak), amounts(spec.overhead));
}

function amounts(quantities: Record<string, string> = {}): Record<string, number> {
  return Object.fromEntries(Object.entries(quantities).map(([name, quantity]) => [name, amountOf(quantity)]));
}

/** Sums two lists of resources. */
export function add(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): Record<string, number> {
  const sum = { ...a };
  for (const [name, amount] of Object.entries(b)) sum[name] = (sum[name] ?? 0) + amount;
  return sum;
}

function max(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): Record<string, number> {
  const most = { ...a };
  for (const [name, amount] of Object.entries(b)) most[name] = Math.max(most[name] ?? 0, amount);
  return most;
}
