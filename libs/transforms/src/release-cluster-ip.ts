import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { isKind } from './kinds.ts';
import { keep, type TransformOutcome } from './transform.ts';

/** Gives back the addresses of a Service; a headless one stays headless (rule 6). */
export function releaseClusterIp(object: KubernetesObject): TransformOutcome {
  if (!isKind(object, 'Service')) return keep(object);
  const { clusterIP, clusterIPs: _, ...spec } = object.spec as { clusterIP?: string; clusterIPs?: string[] };
  return clusterIP === 'None' ? keep(object) : keep({ ...object, spec });
}
