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

/** Annotations that ask for one address, which belongs to the source's network or account. */
const ADDRESS_ANNOTATIONS = [
  'metallb.io/loadBalancerIPs',
  'metallb.universe.tf/loadBalancerIPs',
  'kube-vip.io/loadbalancerIPs',
  'lbipam.cilium.io/ips',
  'io.cilium/lb-ipam-ips',
  'service.beta.kubernetes.io/aws-load-balancer-eip-allocations',
  'service.beta.kubernetes.io/azure-load-balancer-ipv4',
  'service.beta.kubernetes.io/azure-load-balancer-ipv6',
  'service.beta.kubernetes.io/azure-pip-name',
  'networking.gke.io/load-balancer-ip-addresses',
];

/** Gives back the addresses by which the outside reaches a Service, and tells which ones change (rule 10). */
export function releaseExternalAddresses(object: KubernetesObject): TransformOutcome {
  if (!isKind(object, 'Service')) return keep(object);
  const { loadBalancerIP, externalIPs, ...spec } = object.spec as ServiceSpec;
  const findings: Finding[] = [];
  if (spec.type === 'LoadBalancer') findings.push(newAddress(object, loadBalancerIP));
  for (const key of ADDRESS_ANNOTATIONS) if (object.metadata.annotations?.[key]) findings.push(fixedAddress(object, key));
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

function fixedAddress(object: KubernetesObject, key: string): Finding {
  return findingOn(
    object,
    'warning',
    'AddressAskedFor',
    `Annotation ${key} asks for ${object.metadata.annotations?.[key]}; the destination may not have it, or both clusters would claim it.`,
    'Change or take away the annotation with a resource modifier, unless the address moves too.',
  );
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
