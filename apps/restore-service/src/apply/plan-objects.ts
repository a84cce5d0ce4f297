import type { Finding } from '@godwit/contracts/findings';
import type { KubernetesObject, OwnerReference } from '@godwit/contracts/kubernetes-object';
import type { CapturedObject } from '@godwit/contracts/step-outputs';
import { APPLY_TIERS, applyTier } from '@godwit/transforms/apply-tiers';
import type { TransformContext } from '@godwit/transforms/transform';
import { transformObject } from '@godwit/transforms/transform-object';

/** What is kept of an object on the source beside its manifest for the destination. */
export interface ObjectSource {
  uid?: string;
  /** Empty for cluster-scoped kinds. */
  namespace: string;
  name: string;
  ownerReferences: OwnerReference[];
}

export interface PlannedObject {
  manifest: KubernetesObject;
  source: ObjectSource;
}

export interface ApplyPlan {
  /** In the order of APPLY_TIERS. */
  tiers: PlannedObject[][];
  /** Objects that do not go to the destination; a finding tells why. */
  leftOut: number;
  findings: Finding[];
}

/** Makes the manifests for the destination and sorts them into their tiers. */
export async function planObjects(objects: AsyncIterable<CapturedObject>, context: TransformContext): Promise<ApplyPlan> {
  const plan: ApplyPlan = { tiers: APPLY_TIERS.map(() => []), leftOut: 0, findings: [] };
  for await (const { object } of objects) {
    const { object: manifest, findings } = transformObject(object, context);
    plan.findings.push(...findings);
    if (manifest) plan.tiers[applyTier(manifest)]!.push({ manifest, source: sourceOf(object) });
    else plan.leftOut += 1;
  }
  return plan;
}

function sourceOf({ metadata }: KubernetesObject): ObjectSource {
  const { uid, namespace = '', name, ownerReferences = [] } = metadata;
  return { ...(uid ? { uid } : {}), namespace, name, ownerReferences };
}
