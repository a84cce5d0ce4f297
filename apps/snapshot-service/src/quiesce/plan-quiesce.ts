import { describeObject, type KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { isQuiescable, quiescePatch } from '@godwit/transforms/quiesce';
import { claimsOf } from '../preflight/selected-claims.ts';

/** What is to be stopped for a cut-over, and what goes on. */
export interface QuiescePlan {
  /** In the order of the workloads that were given. */
  stop: { object: KubernetesObject; patch: object }[];
  /** Whether a pod belongs to what is stopped, so that it must be gone. */
  mustGo(pod: KubernetesObject): boolean;
  /** Pods that hold a volume that is moved, and that nothing of this stops. */
  unstoppable: KubernetesObject[];
  /** Other pods of the selection that go on: `Kind namespace/name`. */
  goOn: string[];
}

/**
 * @param workloads of the selected namespaces, of the types that can be stopped
 * @param isCaptured whether an object goes along by itself
 * @param moved `namespace/name` of the claims of which the volumes are moved
 */
export function planQuiesce(
  workloads: readonly KubernetesObject[],
  pods: readonly KubernetesObject[],
  isCaptured: (object: KubernetesObject) => boolean,
  moved: ReadonlySet<string>,
  runId: string,
): QuiescePlan {
  const stopped = new Set(workloads.filter((one) => isCaptured(one) && isQuiescable(one)).map(uidOf));
  const made = workloads.filter((one) => stopped.has(controllerOf(one)?.uid ?? ''));
  const owners = new Set([...stopped, ...made.map(uidOf)]);
  const mustGo = (pod: KubernetesObject) => !isOver(pod) && owners.has(controllerOf(pod)?.uid ?? '');
  const others = pods.filter((pod) => !isOver(pod) && !mustGo(pod));
  const holdsMoved = (pod: KubernetesObject) => claimsOf(pod).some((claim) => moved.has(claim));
  return {
    stop: workloads
      .filter((one) => owners.has(uidOf(one)) && !isFinishedJob(one))
      .flatMap((object) => {
        const patch = quiescePatch(object, runId);
        return patch ? [{ object, patch }] : [];
      }),
    mustGo,
    unstoppable: others.filter(holdsMoved),
    goOn: others.filter((pod) => !holdsMoved(pod)).map(describeObject),
  };
}

function isOver({ status }: KubernetesObject): boolean {
  const { phase } = (status ?? {}) as { phase?: string };
  return phase === 'Succeeded' || phase === 'Failed';
}

function isFinishedJob({ kind, status }: KubernetesObject): boolean {
  const { conditions = [] } = (status ?? {}) as { conditions?: { type: string; status: string }[] };
  return kind === 'Job' && conditions.some(({ type, status: is }) => (type === 'Complete' || type === 'Failed') && is === 'True');
}

function controllerOf({ metadata }: KubernetesObject) {
  return metadata.ownerReferences?.find(({ controller }) => controller);
}

function uidOf({ metadata }: KubernetesObject): string {
  return metadata.uid ?? '';
}
