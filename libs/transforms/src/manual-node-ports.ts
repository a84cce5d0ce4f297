import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

export interface ServicePort {
  name?: string;
  port: number;
  protocol?: string;
  nodePort?: number;
}

/** Tells which node ports of a Service people chose, as against those that the API server picked. */
export interface ManualNodePorts {
  isManual(port: ServicePort): boolean;
  isHealthCheckManual: boolean;
}

type Fields = Record<string, unknown>;

/**
 * Reads what people asked for (rule 7 c and d): the configuration that `kubectl apply` noted decides alone if it is there; else
 * the field managers do, since the API server owns no field.
 * @returns undefined if the note of `kubectl apply` cannot be read, and then the field managers' answer is not to be trusted
 */
export function manualNodePorts(service: KubernetesObject): ManualNodePorts | undefined {
  const lastApplied = service.metadata.annotations?.[LAST_APPLIED];
  if (lastApplied === undefined) return fromFieldManagers(service);
  try {
    return fromLastApplied(JSON.parse(lastApplied));
  } catch {
    return undefined;
  }
}

function fromLastApplied(applied: { spec?: { ports?: Fields[]; healthCheckNodePort?: unknown } }): ManualNodePorts {
  const names = new Set<unknown>();
  const numbers = new Set<number>();
  for (const { name, nodePort } of applied.spec?.ports ?? []) {
    const number = portNumber(nodePort);
    if (number === 0) continue;
    if (name) names.add(name);
    else numbers.add(number);
  }
  return {
    isManual: ({ name, nodePort = 0 }) => (name ? names.has(name) : numbers.has(nodePort)),
    isHealthCheckManual: portNumber(applied.spec?.healthCheckNodePort) > 0,
  };
}

/** Ports are written as integers, floats or numeric strings; 0 stands for none. */
function portNumber(value: unknown): number {
  const number = typeof value === 'string' || typeof value === 'number' ? Number(value) : 0;
  return number > 0 ? Math.trunc(number) : 0;
}

function fromFieldManagers(service: KubernetesObject): ManualNodePorts {
  const entries = (service.metadata.managedFields ?? []) as { fieldsV1?: Fields }[];
  const specs = entries.map(({ fieldsV1 }) => (fieldsV1?.['f:spec'] ?? {}) as Fields);
  const owned = new Set<string>();
  for (const spec of specs) {
    for (const [key, fields] of Object.entries((spec['f:ports'] ?? {}) as Record<string, Fields>)) {
      if ('f:nodePort' in fields) owned.add(key);
    }
  }
  return {
    isManual: ({ port, protocol = 'TCP' }) => owned.has(`k:${JSON.stringify({ port, protocol })}`),
    isHealthCheckManual: specs.some((spec) => 'f:healthCheckNodePort' in spec),
  };
}
