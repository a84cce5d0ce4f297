import { groupOf, type KubernetesObject } from '@godwit/contracts/kubernetes-object';

/** Where each kind that runs pods keeps their spec. */
const PATHS: Readonly<Record<string, readonly string[]>> = {
  Pod: ['spec'],
  PodTemplate: ['template', 'spec'],
  ReplicationController: ['spec', 'template', 'spec'],
  'Deployment.apps': ['spec', 'template', 'spec'],
  'ReplicaSet.apps': ['spec', 'template', 'spec'],
  'StatefulSet.apps': ['spec', 'template', 'spec'],
  'DaemonSet.apps': ['spec', 'template', 'spec'],
  'Job.batch': ['spec', 'template', 'spec'],
  'CronJob.batch': ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
  'DeploymentConfig.apps.openshift.io': ['spec', 'template', 'spec'],
};

/** The spec of the pods that an object runs, the very one inside the object; undefined for kinds that run none. */
export function podSpecOf(object: KubernetesObject): Record<string, unknown> | undefined {
  const group = groupOf(object.apiVersion);
  const path = PATHS[group ? `${object.kind}.${group}` : object.kind];
  let at: unknown = path && object;
  for (const field of path ?? []) at = (at as Record<string, unknown> | undefined)?.[field];
  return at as Record<string, unknown> | undefined;
}
