import { groupOf, type KubernetesObject, type OwnerReference } from '@godwit/contracts/kubernetes-object';

/** What the controllers of every cluster make of an owner (rule 2): owner -> kinds. */
const MAKES: Readonly<Record<string, readonly string[]>> = {
  'Deployment.apps': ['ReplicaSet.apps'],
  'CronJob.batch': ['Job.batch'],
  'StatefulSet.apps': ['ControllerRevision.apps'],
  'DaemonSet.apps': ['ControllerRevision.apps'],
  'DeploymentConfig.apps.openshift.io': ['ReplicationController'],
  Service: ['Endpoints', 'EndpointSlice.discovery.k8s.io'],
  Endpoints: ['EndpointSlice.discovery.k8s.io'],
  // The claim of a generic ephemeral volume; its data lives no longer than the pod.
  Pod: ['PersistentVolumeClaim'],
};

/**
 * True if the controller that serves `owner` makes the object anew on the destination. A pod is made anew by whatever controls
 * it; other objects of a custom resource are not taken for granted and go along, to be adopted by it.
 */
export function reCreates(owner: OwnerReference, object: KubernetesObject): boolean {
  const kind = qualified(object.apiVersion, object.kind);
  return kind === 'Pod' || (MAKES[qualified(owner.apiVersion, owner.kind)]?.includes(kind) ?? false);
}

function qualified(apiVersion: string, kind: string): string {
  const group = groupOf(apiVersion);
  return group ? `${kind}.${group}` : kind;
}
