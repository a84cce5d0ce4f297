import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { explainExit, type MoverExit, MoverResult } from '@godwit/contracts/mover-protocol';
import { MOVER_CONTAINER } from './mover-manifests.ts';

interface ContainerState {
  waiting?: { reason?: string; message?: string };
  running?: object;
  terminated?: { exitCode: number; reason?: string; message?: string };
}

export interface MoverPod extends KubernetesObject {
  status?: {
    phase?: string;
    reason?: string;
    message?: string;
    conditions?: { type: string; status: string; reason?: string; message?: string }[];
    containerStatuses?: { name: string; state?: ContainerState }[];
  };
}

export type MoverState =
  | { phase: 'Starting' /** Why it does not start yet, as far as the pod tells. */; waitingFor: string }
  | { phase: 'Running' }
  | { phase: 'Done'; result: MoverResult }
  | { phase: 'Failed'; exit: MoverExit; message: string };

/** A kubelet may lose the message, or a full disk cut it. The next mover finds what this one did, and tells it again. */
const NO_RESULT: MoverExit = {
  ...explainExit(1),
  code: 0,
  meaning: 'the mover ended without a result that can be read, so what it did is not known',
};
const SHOWN = 200;

/** What a mover's pod says of the mover. */
export function moverState(pod: MoverPod): MoverState {
  const state = pod.status?.containerStatuses?.find(({ name }) => name === MOVER_CONTAINER)?.state;
  if (state?.terminated) return ended(state.terminated);
  // Evicted, or lost with its node: the container's own state may be missing then.
  if (pod.status?.phase === 'Failed') return failed(explainExit(137), pod.status.message ?? pod.status.reason);
  if (pod.metadata.deletionTimestamp) return failed(explainExit(137), 'the pod is being deleted by someone else');
  if (state?.running) return { phase: 'Running' };
  return { phase: 'Starting', waitingFor: waitingFor(pod, state) };
}

function ended(terminated: NonNullable<ContainerState['terminated']>): MoverState {
  const result = parseResult(terminated.message);
  if (terminated.exitCode === 0 && result?.ok) return { phase: 'Done', result };
  if (terminated.exitCode === 0) return failed(NO_RESULT, whatItLeft(terminated.message));
  const exit = explainExit(terminated.exitCode);
  const said = result?.error?.message ?? (terminated.reason === 'OOMKilled' ? 'it ran out of memory (OOMKilled)' : undefined);
  return failed(exit, said);
}

function failed(exit: MoverExit, said: string | undefined): MoverState {
  return { phase: 'Failed', exit, message: said ? `${exit.meaning}: ${said}` : exit.meaning };
}

function whatItLeft(message: string | undefined): string {
  if (!message) return 'its termination message is empty';
  return `its termination message is ${JSON.stringify(message.length > SHOWN ? `${message.slice(0, SHOWN)}…` : message)}`;
}

function parseResult(message: string | undefined): MoverResult | undefined {
  try {
    return MoverResult.parse(JSON.parse(message ?? ''));
  } catch {
    return undefined;
  }
}

function waitingFor(pod: MoverPod, state: ContainerState | undefined): string {
  if (state?.waiting?.reason) return [state.waiting.reason, state.waiting.message].filter(Boolean).join(': ');
  const unscheduled = pod.status?.conditions?.find(({ type, status }) => type === 'PodScheduled' && status === 'False');
  return unscheduled
    ? [unscheduled.reason, unscheduled.message].filter(Boolean).join(': ')
    : 'the pod waits for its volume or its node';
}
