import type { Finding } from '@godwit/contracts/findings';
import type { ClusterFacts, Facts, Workload } from '../facts/facts.ts';
import { minorOf } from '../facts/version.ts';
import { type Policy, policyOf, violations } from '../pod-security/violations.ts';
import { type Check, targetOf } from './check.ts';

/** Whether the pods are admitted by the Pod Security levels of the namespaces that they land in, our movers' among them. */
export const checkPodSecurity: Check = (facts) => [
  ...facts.source.workloads.flatMap((workload) => refused(facts, workload)),
  ...[facts.source, facts.destination].flatMap(ourOwn),
];

function refused(facts: Facts, workload: Workload): Finding[] {
  const target = targetOf(facts, workload.namespace);
  const policy = landingPolicy(facts, workload.namespace, target);
  const pod = { spec: workload.spec, annotations: workload.podAnnotations };
  const found = violations(pod, policy);
  if (found.length === 0) return [];
  // What the source refuses as well does not run there either, and is no reason to keep the rest.
  const atSource = policyOf(facts.source.namespaces.get(workload.namespace)?.labels ?? {});
  const isNews = violations(pod, atSource).length < found.length;
  return [
    {
      severity: isNews ? 'error' : 'warning',
      reason: 'PodSecurityRefuses',
      cluster: facts.destination.name,
      object: workload.object,
      message: `namespace ${target} enforces the Pod Security level "${policy.level}", and its pod ${found.join('; ')}`,
      cure: `Change the pod (by a resource modifier), or the level of namespace ${target}.`,
    },
  ];
}

/** A namespace that is there keeps its labels, whatever else is overwritten. */
function landingPolicy({ source, destination }: Facts, namespace: string, target: string): Policy {
  const labels = destination.namespaces.get(target)?.labels ?? source.namespaces.get(namespace)?.labels ?? {};
  return policyOf(labels, minorOf(destination.status.version));
}

/** Movers need capabilities that "restricted" forbids. The namespace that we make ourselves says "baseline". */
function ourOwn({ workspace, name }: ClusterFacts): Finding[] {
  if (!workspace || workspace.terminating || policyOf(workspace.labels).level !== 'restricted') return [];
  return [
    {
      severity: 'error',
      reason: 'MoverRefused',
      cluster: name,
      object: `Namespace ${workspace.name}`,
      message: 'it enforces the Pod Security level "restricted", under which movers cannot keep the owners and modes of files',
      cure: `Set pod-security.kubernetes.io/enforce of namespace ${workspace.name} to baseline.`,
    },
  ];
}
