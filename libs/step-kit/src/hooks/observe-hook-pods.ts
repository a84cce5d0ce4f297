import type { AppHookSpec } from '@godwit/contracts/app-hooks';
import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import type { KubeClient } from '@godwit/kube/kube-client';
import { listAll } from '@godwit/kube/list-all';
import { POD } from '@godwit/kube/resource-type';
import { parseLabelSeed } from '@godwit/selection/label-seed';
import { type HookPod, matchHookPods } from '@godwit/selection/match-hook-pods';

/** With more namespaces than this, one list of the whole cluster is cheaper than one for each. */
const LIST_EACH_UP_TO = 10;

/** The pods in which a hook runs now. */
export async function observeHookPods(
  client: KubeClient,
  hook: Pick<AppHookSpec, 'labels' | 'container'>,
  namespaces: readonly string[],
  signal: AbortSignal,
): Promise<HookPod[]> {
  // The seed grammar is a part of what the API server's selectors can say, so the server sorts out.
  const labelSelector = parseLabelSeed(hook.labels)
    .map(({ key, values }) => `${key} in (${values.join(',')})`)
    .join(',');
  const scopes = namespaces.length > LIST_EACH_UP_TO ? [undefined] : namespaces;
  const lists = await Promise.all(
    scopes.map((namespace) => listAll<KubernetesObject>(client, POD, { namespace, labelSelector, signal })),
  );
  const wanted = new Set(namespaces);
  return matchHookPods(
    hook,
    lists.flat().filter(({ metadata }) => wanted.has(metadata.namespace ?? '')),
  );
}
