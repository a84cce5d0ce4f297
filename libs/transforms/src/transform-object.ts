import type { Finding } from '@godwit/contracts/findings';
import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { RUN_LABEL } from '@godwit/contracts/labels';
import { keep, type Transform, type TransformContext, type TransformOutcome } from './transform.ts';

/** All transforms in the order in which they are applied. */
export const TRANSFORMS: readonly { name: string; transform: Transform }[] = [];

/**
 * Makes the manifest for the destination from an object as the source's API server gave it, `managedFields` and `status`
 * included (node ports and load balancers are judged by them).
 *
 * An object that carries this run's label went through here before and is given back as it is: so the whole is idempotent
 * even where the maps of namespaces or classes chain (a -> b, b -> c).
 */
export function transformObject(object: KubernetesObject, context: TransformContext): TransformOutcome {
  if (object.metadata.labels?.[RUN_LABEL] === context.runId) return keep(object);
  const findings: Finding[] = [];
  let current = object;
  for (const { transform } of TRANSFORMS) {
    const outcome = transform(current, context);
    findings.push(...outcome.findings);
    if (!outcome.object) return { object: undefined, findings };
    current = outcome.object;
  }
  return { object: current, findings };
}
