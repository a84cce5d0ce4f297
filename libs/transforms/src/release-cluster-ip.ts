import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { isKind } from './kinds.ts';
import { isSetByPeople } from './set-by-people.ts';
import { keep, type TransformContext, type TransformOutcome } from './transform.ts';

interface ServiceSpec {
  type?: string;
  clusterIP?: string;
  clusterIPs?: string[];
  ipFamilies?: string[];
  ipFamilyPolicy?: string;
}

/**
 * Gives back the addresses of a Service; a headless one stays headless (rule 6). The families of addresses go too, unless people
 * chose them: a cluster refuses a Service of a family that its network does not have.
 */
export function releaseClusterIp(
  object: KubernetesObject,
  _context: TransformContext,
  source: KubernetesObject,
): TransformOutcome {
  if (!isKind(object, 'Service')) return keep(object);
  const { clusterIP, clusterIPs, ipFamilies, ipFamilyPolicy, ...spec } = object.spec as ServiceSpec;
  return keep({
    ...object,
    spec: {
      ...spec,
      ...(clusterIP === 'None' && { clusterIP, ...(clusterIPs && { clusterIPs }) }),
      ...(ipFamilies && isSetByPeople(source, 'ipFamilies') && { ipFamilies }),
      ...(ipFamilyPolicy && isSetByPeople(source, 'ipFamilyPolicy') && { ipFamilyPolicy }),
    },
  });
}
