import type { Container, PodSpec, SecurityContext } from '../facts/pod-spec.ts';
import { allContainers } from '../facts/pod-spec.ts';

/** A pod as the Pod Security Standards look at it. */
export interface SecuredPod {
  spec: PodSpec;
  annotations: Readonly<Record<string, string>>;
}

/** One control of a level: what of a pod it forbids, each a phrase for people. */
export interface Control {
  /** The first minor version of Kubernetes whose standard has it. */
  since: number;
  violations(pod: SecuredPod, minor: number): string[];
}

/** Containers that a test finds wanting, as one phrase; none if all are well. */
export function containersThat({ spec }: SecuredPod, isWrong: (container: Container) => boolean, phrase: string): string[] {
  const names = allContainers(spec)
    .filter(isWrong)
    .map(({ name }) => name);
  return names.length > 0 ? [`${phrase} (container ${names.join(', ')})`] : [];
}

/** As {@link containersThat}, of what may stand in the pod's security context too. */
export function contextsThat(pod: SecuredPod, isWrong: (context: SecurityContext) => boolean, phrase: string): string[] {
  const inPod = pod.spec.securityContext && isWrong(pod.spec.securityContext) ? [`${phrase} (pod)`] : [];
  return [...inPod, ...containersThat(pod, ({ securityContext }) => !!securityContext && isWrong(securityContext), phrase)];
}
