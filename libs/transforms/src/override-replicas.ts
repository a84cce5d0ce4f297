import { groupOf, type KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { keep, type TransformContext, type TransformOutcome } from './transform.ts';

/** Where `spec.replicas` is surely a number of pods. In a custom resource it may also be, say, the copies of a topic's records. */
const SCALABLE = new Set([
  'Deployment.apps',
  'StatefulSet.apps',
  'ReplicaSet.apps',
  'ReplicationController.',
  'DeploymentConfig.apps.openshift.io',
  'Rollout.argoproj.io',
]);

/** Gives workloads the replicas that the user's rules say; custom resources only if a rule names their type. */
export function overrideReplicas(
  object: KubernetesObject,
  { replicas: rules }: TransformContext,
  source: KubernetesObject,
): TransformOutcome {
  if (rules.length === 0) return keep(object);
  const spec = object.spec as { replicas?: unknown } | undefined;
  const isScalable = SCALABLE.has(`${object.kind}.${groupOf(object.apiVersion)}`);
  if (!spec || (!isScalable && typeof spec.replicas !== 'number')) return keep(object);
  const rule = rules.find(({ isFor, namesTypes }) => (isScalable || namesTypes) && isFor(source));
  if (!rule || spec.replicas === rule.replicas) return keep(object);
  return keep({ ...object, spec: { ...spec, replicas: rule.replicas } });
}
