import type { Finding } from '@godwit/contracts/findings';
import type { Facts, Quota } from '../facts/facts.ts';
import { landingUsage, landingWorkloads } from '../facts/landing-usage.ts';
import { allContainers } from '../facts/pod-spec.ts';
import { formatAmount } from '../quantity.ts';
import { type Check, targetOf } from './check.ts';

/**
 * Whether what lands fits into the quotas of the namespaces that are there, and into those that go along. Quotas with scopes
 * count only some pods, and so say nothing here.
 */
export const checkQuotas: Check = (facts) => {
  const usage = landingUsage(facts);
  return [
    ...facts.destination.quotas.flatMap((quota) => [
      ...exceeded(quota, usage.get(quota.namespace) ?? {}, facts.destination.name),
      ...needsRequests(quota, facts),
    ]),
    ...alongWith(facts).flatMap((quota) => {
      const landing = usage.get(targetOf(facts, quota.namespace)) ?? {};
      // On the source the same may not fit either; the quota lands last and stops nothing that runs by then.
      return exceeded({ ...quota, used: {} }, landing, facts.source.name).map((finding) => ({
        ...finding,
        severity: 'warning' as const,
      }));
    }),
  ];
};

/** Quotas of the source whose namespace is new on the destination; the others meet what is there. */
function alongWith({ source, destination, namespaces }: Facts): Quota[] {
  return source.quotas.filter(({ namespace }) => !destination.namespaces.has(targetOf({ namespaces }, namespace)));
}

function exceeded(quota: Quota, landing: Readonly<Record<string, number>>, cluster: string): Finding[] {
  if (quota.scoped) return [];
  return Object.entries(quota.hard)
    .map(([resource, hard]) => ({ resource, hard, used: quota.used[resource] ?? 0, wanted: landing[resource] ?? 0 }))
    .filter(({ hard, used, wanted }) => wanted > 0 && used + wanted > hard)
    .map(({ resource, hard, used, wanted }) => ({
      severity: 'error',
      reason: 'QuotaExceeded',
      cluster,
      object: quota.object,
      message: `of ${resource} it allows ${formatAmount(resource, hard)}, ${formatAmount(resource, used)} are used, and ${formatAmount(resource, wanted)} would land`,
      cure: 'Raise the quota, free what is not needed, or select less.',
    }));
}

const REQUIRES = /^(?:(requests|limits)\.)?(cpu|memory)$/;

/** Under a quota of a resource the API refuses pods that do not say how much of it they need. */
function needsRequests(quota: Quota, facts: Facts): Finding[] {
  if (quota.scoped) return [];
  const workloads = landingWorkloads(facts).filter(({ namespace }) => targetOf(facts, namespace) === quota.namespace);
  return Object.keys(quota.hard).flatMap((name) => {
    const [, of = 'requests', resource] = REQUIRES.exec(name) ?? [];
    if (!resource || hasDefault(facts, quota.namespace, of, resource)) return [];
    return workloads
      .filter(({ spec }) => allContainers(spec).some(({ resources }) => !says(resources, of, resource)))
      .map((workload) => ({
        severity: 'error' as const,
        reason: 'QuotaNeedsRequests',
        cluster: facts.destination.name,
        object: workload.object,
        message: `not all of its containers say their ${of} of ${resource}, which ${quota.object} asks of all pods`,
        cure: `Set ${of} of ${resource}, or make a LimitRange with a default in ${quota.namespace}.`,
      }));
  });
}

type Resources = { requests?: Record<string, string>; limits?: Record<string, string> } | undefined;

function says(resources: Resources, of: string, resource: string): boolean {
  // A request that is left out is the limit.
  return resources?.limits?.[resource] !== undefined || (of === 'requests' && resources?.requests?.[resource] !== undefined);
}

function hasDefault({ destination }: Facts, namespace: string, of: string, resource: string): boolean {
  return destination.limitRanges
    .filter((range) => range.namespace === namespace)
    .flatMap(({ limits }) => limits)
    .filter(({ type }) => type === 'Container')
    .some((limit) => (of === 'limits' ? limit.default : { ...limit.default, ...limit.defaultRequest })?.[resource] !== undefined);
}
