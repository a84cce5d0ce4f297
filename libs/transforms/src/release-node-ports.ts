import type { Finding } from '@godwit/contracts/findings';
import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { isKind } from './kinds.ts';
import { type ManualNodePorts, manualNodePorts, type ServicePort } from './manual-node-ports.ts';
import { findingOn, keep, type TransformContext, type TransformOutcome } from './transform.ts';

interface ServiceSpec {
  type?: string;
  ports?: ServicePort[];
  externalTrafficPolicy?: string;
  healthCheckNodePort?: number;
}

const ALL_MANUAL: ManualNodePorts = { isManual: () => true, isHealthCheckManual: true };
const NONE_MANUAL: ManualNodePorts = { isManual: () => false, isHealthCheckManual: false };

/**
 * Gives back the node ports that the source's API server picked (rules 7 and 8); they may be taken on the destination. Needs
 * `managedFields`, so it comes before they are stripped.
 */
export function releaseNodePorts(object: KubernetesObject, context: TransformContext): TransformOutcome {
  if (!isKind(object, 'Service')) return keep(object);
  const spec = object.spec as ServiceSpec;
  if (spec.type === 'ExternalName') return keep(object);
  const known = context.preserveNodePorts ? ALL_MANUAL : manualNodePorts(object);
  const manual = known ?? NONE_MANUAL;
  const ports = spec.ports?.map((port) => withoutNodePort(port, manual));
  const { healthCheckNodePort, ...rest } = spec;
  const checksHealth = spec.type === 'LoadBalancer' && spec.externalTrafficPolicy === 'Local';
  const keepsHealthCheck = healthCheckNodePort && checksHealth && manual.isHealthCheckManual;
  return keep(
    { ...object, spec: { ...rest, ...(ports && { ports }), ...(keepsHealthCheck && { healthCheckNodePort }) } },
    known ? [] : unreadable(object, spec),
  );
}

function withoutNodePort(port: ServicePort, manual: ManualNodePorts): ServicePort {
  if (port.nodePort && manual.isManual(port)) return port;
  const { nodePort: _, ...rest } = port;
  return rest;
}

function unreadable(object: KubernetesObject, spec: ServiceSpec): Finding[] {
  if (!spec.ports?.some(({ nodePort }) => nodePort)) return [];
  return [
    findingOn(
      object,
      'warning',
      'LastAppliedUnreadable',
      'The annotation kubectl.kubernetes.io/last-applied-configuration is not JSON, so none of the node ports counts as chosen by hand.',
      'Choose "preserve node ports", or set the ports on the destination.',
    ),
  ];
}
