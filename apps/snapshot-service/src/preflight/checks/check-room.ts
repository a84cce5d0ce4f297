import type { Finding } from '@godwit/contracts/findings';
import { landingUsage } from '../facts/landing-usage.ts';
import { add } from '../facts/pod-spec.ts';
import { formatAmount } from '../quantity.ts';
import type { Check } from './check.ts';

const RESOURCES = ['cpu', 'memory', 'pods'];

/** Whether all that lands fits, in sum, beside what runs on the destination. */
export const checkRoom: Check = (facts) => {
  const { destination } = facts;
  if (destination.nodes.length === 0) return [];
  const allocatable = destination.nodes.map((node) => node.allocatable).reduce(add, {});
  const landing = [...landingUsage(facts).values()].reduce(add, {});
  return RESOURCES.flatMap((resource): Finding[] => {
    const [has, used, wanted] = [allocatable[resource] ?? 0, destination.requested[resource] ?? 0, landing[resource] ?? 0];
    if (wanted === 0 || used + wanted <= has) return [];
    const [all, free, asked] = [has, Math.max(has - used, 0), wanted].map((amount) => formatAmount(resource, amount));
    return [
      {
        severity: destination.addsNodes ? 'note' : 'warning',
        reason: 'ClusterFull',
        cluster: destination.name,
        message: `cluster "${destination.name}": what lands asks for ${asked} of ${resource}; of ${all} on its nodes ${free} are free`,
        cure: 'Add nodes, or start fewer replicas.',
      },
    ];
  });
};
