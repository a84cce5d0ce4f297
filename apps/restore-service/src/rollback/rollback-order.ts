import type { ResourceType } from '@godwit/kube/resource-type';
import { apiVersionOf } from '@godwit/kube/resource-type';
import { APPLY_TIERS, type ApplyTier, applyTier } from '@godwit/transforms/apply-tiers';

/** Custom resources go while what runs in the workloads can still take its finalizers from them. */
const BEFORE_WORKLOADS: ReadonlySet<string> = new Set(['custom-workloads', 'custom-resources']);

/** Names of the tiers in the order in which they are taken back: what was applied last goes first. */
export const ROLLBACK_ORDER: readonly string[] = rollbackOrder(APPLY_TIERS);

function rollbackOrder(tiers: readonly ApplyTier[]): string[] {
  const reversed = tiers.map(({ name }) => name).reverse();
  const others = reversed.filter((name) => !BEFORE_WORKLOADS.has(name));
  const custom = reversed.filter((name) => BEFORE_WORKLOADS.has(name));
  return others.toSpliced(others.indexOf('workloads'), 0, ...custom);
}

/** Name of the tier of a kind. */
export function tierOf(object: { apiVersion: string; kind: string }): string {
  return APPLY_TIERS[applyTier(object)]!.name;
}

/** The kinds that can be listed and deleted, by the names of their tiers. */
export function typesByTier(types: readonly ResourceType[]): Map<string, ResourceType[]> {
  const deletable = types.filter(({ verbs }) => verbs.includes('list') && verbs.includes('delete'));
  return Map.groupBy(deletable, (type) => tierOf({ apiVersion: apiVersionOf(type), kind: type.kind }));
}
