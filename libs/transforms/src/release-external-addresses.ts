import type { Finding } from '@godwit/contracts/findings';
import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { isKind } from './kinds.ts';
import { findingOn, keep, type TransformOutcome } from './transform.ts';

interface ServiceSpec {
  type?: string;
  loadBalancerIP?: string;
  externalIPs?: string[];
}

interface ServiceStatus {
  loadBalancer?: { ingress?: { ip?: string; hostname?: string }[] };
}

/** Gives back the addresses by which the outside reaches a Service, and tells which ones change (rule 10). */
export function releaseExternalAddresses(object: KubernetesObject): TransformOutcome {
  if (!isKind(object, 'Service')) return keep(object);
  const { loadBalancerIP, externalIPs, ...spec } = object.spec as ServiceSpec;
  const findings: Finding[] = [];
  if (spec.type === 'LoadBalancer') findings.push(newAddress(object, loadBalancerIP));
  if (externalIPs?.length) {
    findings.push(
      findingOn(
        object,
        'warning',
        'ExternalIPsDropped',
        `The external addresses ${externalIPs.join(', ')} are left out: they lead to nodes of the source.`,
        'Add addresses of the destination to spec.externalIPs if the Service needs them.',
      ),
    );
  }
  return keep({ ...object, spec }, findings);
}

function newAddress(object: KubernetesObject, fixed: string | undefined): Finding {
  const ingress = (object.status as ServiceStatus | undefined)?.loadBalancer?.ingress ?? [];
  const old = [...new Set([fixed, ...ingress.map(({ hostname, ip }) => hostname ?? ip)])].filter(Boolean).join(', ');
  return findingOn(
    object,
    'warning',
    'LoadBalancerAddressChanges',
    `The load balancer gets a new address on the destination${old ? `; on the source it is ${old}` : ''}.`,
    'Point DNS names and clients to the new address when you switch over.',
  );
}
