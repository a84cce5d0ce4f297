import { meetsRequirement } from '@godwit/selection/label-selector';
import type { NodeFacts } from '../facts/facts.ts';
import type { NodeSelectorTerm, PodSpec, Toleration } from '../facts/pod-spec.ts';
import { requestsOf } from '../facts/pod-spec.ts';

/** Whether a node has the labels that a pod demands: its selector, its required affinity and its operating system. */
export function isSelected(node: NodeFacts, { nodeSelector = {}, affinity, os }: PodSpec): boolean {
  const terms = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  return (
    Object.entries(nodeSelector).every(([key, value]) => node.labels[key] === value) &&
    (!terms || terms.some((term) => meetsTerm(node, term))) &&
    (!os || (node.labels['kubernetes.io/os'] ?? 'linux') === os.name)
  );
}

/** A term without requirements meets nothing. */
function meetsTerm({ name, labels }: NodeFacts, { matchExpressions = [], matchFields = [] }: NodeSelectorTerm): boolean {
  return (
    matchExpressions.length + matchFields.length > 0 &&
    matchExpressions.every((requirement) => meetsRequirement(requirement, labels[requirement.key])) &&
    matchFields.every((requirement) => meetsRequirement(requirement, requirement.key === 'metadata.name' ? name : undefined))
  );
}

/** The taints of a node that keep a pod away. */
export function untolerated({ taints }: NodeFacts, { tolerations = [] }: PodSpec): NodeFacts['taints'] {
  return taints.filter(
    (taint) => taint.effect !== 'PreferNoSchedule' && !tolerations.some((toleration) => tolerates(toleration, taint)),
  );
}

function tolerates({ key, operator = 'Equal', value = '', effect }: Toleration, taint: NodeFacts['taints'][number]): boolean {
  if (effect && effect !== taint.effect) return false;
  if (!key) return operator === 'Exists';
  return key === taint.key && (operator === 'Exists' || value === (taint.value ?? ''));
}

/** What a pod asks for that is more than the whole node has: resource -> amount. */
export function lacking({ allocatable }: NodeFacts, spec: PodSpec): Record<string, number> {
  return Object.fromEntries(
    Object.entries(requestsOf(spec)).filter(([resource, amount]) => amount > 0 && amount > (allocatable[resource] ?? 0)),
  );
}
