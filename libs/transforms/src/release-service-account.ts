import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { isAutomaticTokenName } from '@godwit/selection/automatic-token';
import { isKind } from './kinds.ts';
import { keep, type TransformOutcome } from './transform.ts';

/** Takes the references to the tokens that the source made by itself off a ServiceAccount (rule 24). */
export function releaseServiceAccount(object: KubernetesObject): TransformOutcome {
  if (!isKind(object, 'ServiceAccount')) return keep(object);
  const { secrets, ...account } = object as KubernetesObject & { secrets?: { name?: string }[] };
  if (!secrets) return keep(object);
  const kept = secrets.filter(({ name }) => !name || !isAutomaticTokenName(object.metadata.name, name));
  return keep(kept.length > 0 ? { ...account, secrets: kept } : account);
}
