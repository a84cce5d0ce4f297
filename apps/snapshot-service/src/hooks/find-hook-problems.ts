import type { RunHook, RunHooks } from '@godwit/contracts/app-hooks';
import type { Finding } from '@godwit/contracts/findings';
import type { KubeClient } from '@godwit/kube/kube-client';
import { hookNamespaces } from '@godwit/selection/match-hook-pods';
import { observeHookPods } from '@godwit/step-kit/hooks/observe-hook-pods';
import { findMissingPermissions, NEEDED_FOR_HOOKS } from '../preflight/permissions.ts';

/**
 * What stands in the way of a run's hooks: commands that may not be run, and hooks that have no pod on the source now.
 *
 * @param clusters without the destination where that is not there yet
 */
export async function findHookProblems(
  { sourcePre, sourcePost, destinationPost }: RunHooks,
  { source, destination }: { source: KubeClient; destination?: KubeClient },
  selected: readonly string[],
  signal: AbortSignal,
): Promise<Finding[]> {
  const onSource = [...sourcePre, ...sourcePost];
  const findings = await Promise.all([
    ...onSource.map((hook) => findPods(hook, source, selected, signal)),
    onSource.length > 0 ? findMissingPermissions(source, NEEDED_FOR_HOOKS, signal) : [],
    destination && destinationPost.length > 0 ? findMissingPermissions(destination, NEEDED_FOR_HOOKS, signal) : [],
  ]);
  return findings.flat();
}

async function findPods(hook: RunHook, client: KubeClient, selected: readonly string[], signal: AbortSignal): Promise<Finding[]> {
  const pods = await observeHookPods(client, hook, hookNamespaces(hook.namespaces, selected), signal);
  const cluster = client.clusterName;
  if (pods.length === 0) {
    return [
      {
        severity: 'warning',
        reason: 'HookWithoutPod',
        cluster,
        message: `hook "${hook.name}" would run nowhere: no pod that runs in its namespaces has the labels ${hook.labels}`,
        cure: 'Correct the labels or the namespaces of the hook, or start the pods.',
      },
    ];
  }
  return pods
    .filter(({ container }) => !container)
    .map(({ namespace, name }) => ({
      severity: hook.onError === 'Fail' ? ('error' as const) : ('warning' as const),
      reason: 'HookContainerMissing',
      cluster,
      object: `Pod ${namespace}/${name}`,
      message: `hook "${hook.name}" names the container ${hook.container}, which it does not have`,
      cure: 'Correct the container of the hook, or its labels.',
    }));
}
