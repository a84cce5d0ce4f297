import { setTimeout as sleep } from 'node:timers/promises';
import type { AppHookSpec } from '@godwit/contracts/app-hooks';
import { FatalError } from '@godwit/contracts/errors';
import type { KubeClient } from '@godwit/kube/kube-client';
import type { HookPod } from '@godwit/selection/match-hook-pods';
import { observeHookPods } from '@godwit/step-kit/hooks/observe-hook-pods';

const LOOK_EVERY_MS = 1_000;

/**
 * Waits until a hook has pods and all of them are ready.
 *
 * @returns the pods; none if there were none in all that time
 * @throws FatalError `HookPodsNotReady`
 */
export async function waitForHookPods(
  client: KubeClient,
  hook: Pick<AppHookSpec, 'labels' | 'container'> & { name: string },
  namespaces: readonly string[],
  { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal },
): Promise<HookPod[]> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const pods = await observeHookPods(client, hook, namespaces, signal);
    if (pods.length > 0 && pods.every(({ ready }) => ready)) return pods;
    if (Date.now() > end) {
      const waiting = pods.filter(({ ready }) => !ready).map(({ namespace, name }) => `${namespace}/${name}`);
      if (waiting.length === 0) return [];
      throw new FatalError(
        'HookPodsNotReady',
        `cluster "${client.clusterName}": hook "${hook.name}" was not run: its pods ${waiting.join(', ')} are not ready after ${timeoutMs / 1000} s`,
        {
          subject: { cluster: client.clusterName },
          cure: `See what holds them: kubectl describe pod --namespace ${pods[0]!.namespace}.`,
        },
      );
    }
    await sleep(LOOK_EVERY_MS, undefined, { signal });
  }
}
