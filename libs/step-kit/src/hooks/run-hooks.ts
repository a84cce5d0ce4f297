import type { RunHook } from '@godwit/contracts/app-hooks';
import { FatalError, GodwitError, reportError } from '@godwit/contracts/errors';
import { execInPod } from '@godwit/kube/exec';
import type { KubeClient } from '@godwit/kube/kube-client';
import { KubeRequestError } from '@godwit/kube/kube-error';
import type { ClaimedStep } from '@godwit/pipeline/step-ledger';
import type { HookPod } from '@godwit/selection/match-hook-pods';
import type { RunLog } from '../run-log.ts';

/** Of what a command writes, so much goes into the run's log. */
const MOST_OUTPUT_BYTES = 8 << 10;
/** Pods of one hook in which its command runs at once: an application is frozen as a whole or not at all. */
const IN_FLIGHT = 32;

export interface HookRunner {
  client: KubeClient;
  step: ClaimedStep;
  log: RunLog;
  signal: AbortSignal;
  /** The pods of a hook, now. */
  podsOf(hook: RunHook): Promise<HookPod[]>;
}

/**
 * Runs hooks one after the other, each in all its pods at once, and tells of each command in the run's log. A step that is tried
 * again runs all of them again.
 *
 * @param goOn also run the hooks that come after one that failed: what they take back must be taken back
 * @throws KubeRequestError that is retryable, where a command could not begin, whatever the hook says of errors and whatever became
 *   of others; FatalError `HookFailed`, of the first hook that failed and does not say `Continue`
 */
export async function runHooks(runner: HookRunner, hooks: readonly RunHook[], { goOn }: { goOn: boolean }): Promise<void> {
  const failures: GodwitError[] = [];
  for (const hook of hooks) {
    const failure = await failureOf(runner, hook, goOn);
    if (!failure) continue;
    failures.push(failure);
    if (!goOn) break;
  }
  // What has failed for good fails again in the next attempt; what could not begin would never have its turn.
  const toThrow = failures.find(({ kind }) => kind === 'retryable') ?? failures[0];
  if (toThrow) throw toThrow;
}

/** @param goOn also what keeps a hook from being run at all is only a failure of this hook */
async function failureOf(runner: HookRunner, hook: RunHook, goOn: boolean): Promise<GodwitError | undefined> {
  try {
    const failures = await runHook(runner, hook);
    const notBegun = failures.find(({ notBegun }) => notBegun)?.notBegun;
    if (notBegun) return notBegun;
    return failures.length === 0 || hook.onError === 'Continue' ? undefined : hookFailed(runner.client, hook, failures);
  } catch (error) {
    runner.signal.throwIfAborted();
    if (!goOn || !(error instanceof GodwitError)) throw error;
    await runner.log.warn(runner.step, `Hook "${hook.name}" could not be run: ${error.message}`);
    return error;
  }
}

interface Failure {
  pod: HookPod;
  message: string;
  /** The command did not begin, and may in another attempt. */
  notBegun?: KubeRequestError;
}

async function runHook(runner: HookRunner, hook: RunHook): Promise<Failure[]> {
  const { log, step } = runner;
  const pods = await runner.podsOf(hook);
  if (pods.length === 0) {
    await log.warn(step, `Hook "${hook.name}" has no pod to run in: none that runs has the labels ${hook.labels}`);
    return [];
  }
  const failures: Failure[] = [];
  const queue = [...pods];
  const lane = async () => {
    for (let pod = queue.shift(); pod; pod = queue.shift()) {
      const failure = await runInPod(runner, hook, pod);
      if (failure) failures.push(failure);
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: Math.min(IN_FLIGHT, pods.length) }, lane));
  const broken = lanes.find((end) => end.status === 'rejected');
  if (broken) throw broken.reason;
  return failures;
}

/** @returns what went wrong; undefined if nothing did */
async function runInPod(runner: HookRunner, hook: RunHook, pod: HookPod): Promise<Failure | undefined> {
  const { client, log, step, signal } = runner;
  const where = `Pod ${pod.namespace}/${pod.name}`;
  const began = Date.now();
  const tell = async (message: string, data: object = {}) => {
    await log.warn(step, `Hook "${hook.name}" in ${where}: ${message}`, data);
    return { pod, message };
  };
  if (!pod.container) return tell(`it has no container ${hook.container}`);
  try {
    const { namespace, name, container } = pod;
    const { command, timeoutSeconds } = hook;
    const exec = {
      namespace,
      pod: name,
      container,
      command,
      timeoutMs: timeoutSeconds * 1000,
      mostOutputBytes: MOST_OUTPUT_BYTES,
    };
    const { exitCode, output, truncated, problem } = await execInPod(client, exec, signal);
    const data = { container, exitCode, seconds: (Date.now() - began) / 1000, output, ...(truncated ? { truncated } : {}) };
    if (exitCode !== 0) {
      const said = lastLine(output);
      return tell(`${problem ?? `its command ended with exit code ${exitCode}`}${said ? `: ${said}` : ''}`, data);
    }
    await log.info(step, `Hook "${hook.name}" ran in ${where}, container ${container}`, data);
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    const failure = await tell(reportError(error).message);
    return mayBeginLater(error) ? { ...failure, notBegun: error } : failure;
  }
}

/** Whether a command was refused for the moment only: the API server, or its way to the node, was not there. */
function mayBeginLater(error: unknown): error is KubeRequestError {
  if (!(error instanceof KubeRequestError) || error.kind !== 'retryable') return false;
  // A node's own answer is no Status, and is of the container: it does not run, and then holds nothing that must be taken back.
  return !(error.status === 500 && error.apiReason === 'HTTP500');
}

function lastLine(output: string): string {
  return output.trim().split('\n').at(-1)?.slice(0, 300) ?? '';
}

function hookFailed(client: KubeClient, hook: RunHook, failures: readonly Failure[]): FatalError {
  const [{ pod, message }] = failures as [Failure];
  const object = `Pod ${pod.namespace}/${pod.name}`;
  const more = failures.length > 1 ? ` (and in ${failures.length - 1} more pods, see the log)` : '';
  return new FatalError(
    'HookFailed',
    `cluster "${client.clusterName}": hook "${hook.name}" failed in ${object}${more}: ${message}`,
    {
      subject: { cluster: client.clusterName, object },
      cure: 'Correct the hook or what it meets in the pod, or let it continue on errors, and run again.',
    },
  );
}
