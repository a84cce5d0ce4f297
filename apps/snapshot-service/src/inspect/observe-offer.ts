import { MOST_LABELS, type OfferedLabel, type OfferedNamespace, type OfferedType } from '@godwit/contracts/cluster-offer';
import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { discover } from '@godwit/kube/discovery';
import type { KubeClient } from '@godwit/kube/kube-client';
import { KubeRequestError } from '@godwit/kube/kube-error';
import { listAll } from '@godwit/kube/list-all';
import { listMetadata } from '@godwit/kube/list-metadata';
import { NAMESPACE, PERSISTENT_VOLUME_CLAIM, POD, type ResourceType } from '@godwit/kube/resource-type';
import { SYSTEM_NAMESPACES } from '@godwit/selection/select-namespaces';
import { bytesOf } from '../preflight/quantity.ts';

interface Claim extends KubernetesObject {
  spec?: { storageClassName?: string; resources?: { requests?: { storage?: string } } };
}

/** The namespaces of a cluster with their pods and claims. What our user may not list counts as none. */
export async function observeNamespaces(client: KubeClient, signal: AbortSignal): Promise<OfferedNamespace[]> {
  const [namespaces, claims, pods] = await Promise.all([
    listAll(client, NAMESPACE, { signal }),
    unlessForbidden(listAll<Claim>(client, PERSISTENT_VOLUME_CLAIM, { signal })),
    unlessForbidden(Array.fromAsync(listMetadata(client, POD, { signal }))),
  ]);
  const claimsOf = Map.groupBy(claims, ({ metadata }) => metadata.namespace);
  const podsOf = Map.groupBy(pods, ({ metadata }) => metadata.namespace);
  return namespaces.map(({ metadata: { name } }) => {
    const own = claimsOf.get(name) ?? [];
    return {
      name,
      isSystem: SYSTEM_NAMESPACES.includes(name),
      pods: podsOf.get(name)?.length ?? 0,
      volumes: own.length,
      volumeBytes: own.reduce((sum, { spec }) => sum + bytesOf(spec?.resources?.requests?.storage), 0),
      storageClasses: [...new Set(own.flatMap(({ spec }) => spec?.storageClassName || []))].sort(),
    };
  });
}

/** The types that can be listed, and so be migrated. */
export async function observeTypes(client: KubeClient, signal: AbortSignal): Promise<OfferedType[]> {
  const { preferred } = await discover(client, signal);
  return preferred
    .filter(({ verbs }) => verbs.includes('list') && verbs.includes('create'))
    .map(({ plural, group, kind, namespaced }) => ({ name: group ? `${plural}.${group}` : plural, kind, namespaced }))
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** The labels of what people label: looking through all kinds would take too long to be waited for. */
const LABELLED = new Set(['deployments', 'statefulsets', 'daemonsets', 'services', 'persistentvolumeclaims', 'configmaps']);

export async function observeLabels(client: KubeClient, signal: AbortSignal): Promise<OfferedLabel[]> {
  const { preferred } = await discover(client, signal);
  const types = preferred.filter(({ group, plural }) => (group === '' || group === 'apps') && LABELLED.has(plural));
  const counts = new Map<string, OfferedLabel>();
  await Promise.all(types.map((type) => count(client, type, counts, signal)));
  return [...counts.values()]
    .sort((a, b) => b.objects - a.objects || a.key.localeCompare(b.key) || a.value.localeCompare(b.value))
    .slice(0, MOST_LABELS);
}

async function count(
  client: KubeClient,
  type: ResourceType,
  counts: Map<string, OfferedLabel>,
  signal: AbortSignal,
): Promise<void> {
  for (const { metadata } of await unlessForbidden(Array.fromAsync(listMetadata(client, type, { signal })))) {
    if (SYSTEM_NAMESPACES.includes(metadata.namespace ?? '')) continue;
    for (const [key, value] of Object.entries(metadata.labels ?? {})) {
      const known = counts.get(`${key}=${value}`) ?? { key, value, objects: 0 };
      counts.set(`${key}=${value}`, { ...known, objects: known.objects + 1 });
    }
  }
}

async function unlessForbidden<T>(list: Promise<T[]>): Promise<T[]> {
  try {
    return await list;
  } catch (error) {
    if (error instanceof KubeRequestError && error.status === 403) return [];
    throw error;
  }
}
