import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import type { ApplyResult } from './apply-object.ts';
import { fieldChanges, isUnchanged } from './field-changes.ts';

/**
 * What the run did to an object, seen from how it first found it. A try that was cut off may have changed it already, and the next
 * one then has nothing (or less) to do: for the run, it was changed.
 *
 * @param previous gives the object as it was found first, if a try has written that down
 */
export async function firstFound(
  result: ApplyResult,
  previous: () => Promise<KubernetesObject | undefined>,
): Promise<ApplyResult> {
  const { outcome, live } = result;
  if (!live || (outcome !== 'Unchanged' && outcome !== 'Updated' && outcome !== 'Merged')) return result;
  const first = await previous();
  if (!first || isUnchanged(first, live)) return result;
  return { ...result, outcome: outcome === 'Merged' ? outcome : 'Updated', changes: fieldChanges(first, live), previous: first };
}
