import { targetOf } from '../checks/check.ts';
import type { Facts, Workload } from './facts.ts';
import { add, requestsOf } from './pod-spec.ts';

/** What resource quotas call the kinds of workloads. */
const COUNTED: Readonly<Record<string, string>> = {
  Deployment: 'count/deployments.apps',
  StatefulSet: 'count/statefulsets.apps',
  DaemonSet: 'count/daemonsets.apps',
  ReplicaSet: 'count/replicasets.apps',
  CronJob: 'count/cronjobs.batch',
  Job: 'count/jobs.batch',
};

/** Workloads that land: those that the destination has are left or changed, and count there already. */
export function landingWorkloads(facts: Facts): Workload[] {
  return facts.source.workloads.filter(
    ({ kind, namespace, name }) => !facts.destination.existing.has(`${kind} ${targetOf(facts, namespace)}/${name}`),
  );
}

/**
 * What lands in each namespace, in the names of resource quotas.
 * @returns target namespace -> resource -> amount
 */
export function landingUsage(facts: Facts): Map<string, Record<string, number>> {
  const usage = new Map<string, Record<string, number>>();
  const count = (namespace: string, amounts: Record<string, number>) => {
    const target = targetOf(facts, namespace);
    usage.set(target, add(usage.get(target) ?? {}, amounts));
  };
  for (const workload of landingWorkloads(facts)) {
    const counted = COUNTED[workload.kind];
    if (counted) count(workload.namespace, { [counted]: 1 });
    count(workload.namespace, podsUsage(workload, podsOf(workload, facts)));
  }
  for (const { namespace, requestedBytes, skipReason, source } of facts.volumes) {
    if (skipReason) continue;
    const ofClass = `${source.targetStorageClassName}.storageclass.storage.k8s.io`;
    count(namespace, {
      persistentvolumeclaims: 1,
      'count/persistentvolumeclaims': 1,
      'requests.storage': requestedBytes,
      [`${ofClass}/persistentvolumeclaims`]: 1,
      [`${ofClass}/requests.storage`]: requestedBytes,
    });
  }
  const there = new Set(facts.destination.services.map(({ object }) => object));
  for (const { namespace, name, type } of facts.source.services) {
    if (there.has(`Service ${targetOf(facts, namespace)}/${name}`)) continue;
    count(namespace, {
      services: 1,
      'count/services': 1,
      'services.loadbalancers': type === 'LoadBalancer' ? 1 : 0,
      'services.nodeports': type === 'LoadBalancer' || type === 'NodePort' ? 1 : 0,
    });
  }
  return usage;
}

function podsOf({ kind, replicas }: Workload, { destination }: Facts): number {
  return kind === 'DaemonSet' ? destination.nodes.length : replicas;
}

function podsUsage({ spec }: Workload, pods: number): Record<string, number> {
  const usage: Record<string, number> = { pods, 'count/pods': pods };
  for (const [resource, amount] of Object.entries(requestsOf(spec))) {
    usage[`requests.${resource}`] = amount * pods;
    if (resource === 'cpu' || resource === 'memory') usage[resource] = amount * pods;
  }
  for (const [resource, amount] of Object.entries(requestsOf(spec, 'limits'))) usage[`limits.${resource}`] = amount * pods;
  return usage;
}
