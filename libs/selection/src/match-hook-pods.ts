import type { AppHookSpec } from '@godwit/contracts/app-hooks';
import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { matchesGlob } from './glob.ts';
import { matchesLabels, parseLabelSeed } from './label-seed.ts';

/** A pod in which a hook's command runs. */
export interface HookPod {
  namespace: string;
  name: string;
  /** Absent: the pod has no container of the hook's name. */
  container?: string;
  /** All its containers are ready. */
  ready: boolean;
}

interface PodSpec {
  containers?: { name: string }[];
}

interface PodStatus {
  phase?: string;
  conditions?: { type: string; status: string }[];
}

/**
 * Which of the selected namespaces a hook is for.
 * @param patterns names or globs; empty: all
 */
export function hookNamespaces(patterns: readonly string[], selected: readonly string[]): string[] {
  if (patterns.length === 0) return [...selected];
  return selected.filter((name) => patterns.some((pattern) => matchesGlob(pattern, name)));
}

/** The pods that a hook is for: they have its labels, run, and are not just being deleted. In the order of their names. */
export function matchHookPods(hook: Pick<AppHookSpec, 'labels' | 'container'>, pods: readonly KubernetesObject[]): HookPod[] {
  const labels = parseLabelSeed(hook.labels);
  return pods
    .filter(({ metadata, status }) => {
      const runs = (status as PodStatus | undefined)?.phase === 'Running' && !metadata.deletionTimestamp;
      return runs && matchesLabels(labels, metadata.labels);
    })
    .map((pod) => hookPod(pod, hook.container))
    .sort((a, b) => (`${a.namespace}/${a.name}` < `${b.namespace}/${b.name}` ? -1 : 1));
}

function hookPod({ metadata, spec, status }: KubernetesObject, wanted: string | undefined): HookPod {
  const { containers = [] } = (spec ?? {}) as PodSpec;
  const container = wanted === undefined ? containers[0] : containers.find(({ name }) => name === wanted);
  const { conditions = [] } = (status ?? {}) as PodStatus;
  return {
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    ...(container ? { container: container.name } : {}),
    ready: conditions.some((condition) => condition.type === 'Ready' && condition.status === 'True'),
  };
}
