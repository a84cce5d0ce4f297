import type { Discovery } from '@godwit/kube/discovery';
import type { ResourceType } from '@godwit/kube/resource-type';

/** What can be stopped, in the order in which it is: what makes new pods first, what others talk to last. */
const STOPPED_IN_ORDER = [
  'CronJob.batch',
  'Job.batch',
  'Deployment.apps',
  'ReplicaSet.apps',
  'DaemonSet.apps',
  'StatefulSet.apps',
];

/** The types of workloads that the cluster serves, in the order in which they are stopped. */
export function workloadTypes({ preferred }: Pick<Discovery, 'preferred'>): ResourceType[] {
  return STOPPED_IN_ORDER.flatMap((wanted) => preferred.find(({ kind, group }) => `${kind}.${group}` === wanted) ?? []);
}
