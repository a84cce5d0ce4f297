import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import type { TestCluster } from './cluster.ts';
import { untilDone } from './until.ts';

/** What changes by itself: heartbeats and what is told of the moment. */
const RESTLESS = /^(events|leases|nodes|componentstatuses|csistoragecapacities|pods\.metrics|nodes\.metrics)(\.|$)/;

/** Everything in some namespaces, and all that is cluster-scoped, by `resource namespace/name`. */
export function observeState(cluster: TestCluster, namespaces: readonly string[]): Promise<Map<string, KubernetesObject>> {
  // A kind whose definition was just deleted may be named once more.
  return untilDone(() => observeOnce(cluster, namespaces), 30_000);
}

async function observeOnce(cluster: TestCluster, namespaces: readonly string[]): Promise<Map<string, KubernetesObject>> {
  const [namespaced, global] = await Promise.all([kinds(cluster, true), kinds(cluster, false)]);
  const state = new Map<string, KubernetesObject>();
  const add = (objects: KubernetesObject[]) => {
    for (const object of objects) {
      if (isOfOthers(object, namespaces)) continue;
      const { namespace = '', name } = object.metadata;
      state.set(`${object.kind}.${object.apiVersion} ${namespace}/${name}`, object);
    }
  };
  for (const namespace of namespaces) {
    add(await getAll(cluster, namespaced, '-n', namespace));
  }
  add(await getAll(cluster, global));
  return state;
}

/** What an object says, without the API server's book-keeping and its controllers' state. */
export function contentOf({ status: _, ...object }: KubernetesObject): object {
  const { resourceVersion: _version, managedFields: _managed, generation: _generation, ...metadata } = object.metadata;
  return { ...object, metadata };
}

async function kinds(cluster: TestCluster, namespaced: boolean): Promise<string[]> {
  const names = await cluster.kubectl('api-resources', '--verbs=list', `--namespaced=${namespaced}`, '-o', 'name');
  return names
    .trim()
    .split('\n')
    .filter((name) => !RESTLESS.test(name));
}

async function getAll(cluster: TestCluster, resources: readonly string[], ...args: string[]): Promise<KubernetesObject[]> {
  const { items } = JSON.parse(
    (await cluster.kubectl('get', resources.join(','), '-o', 'json', '--ignore-not-found', ...args)) || '{"items":[]}',
  );
  return items;
}

/** Other tests leave the clusters while this one goes on. */
function isOfOthers({ kind, metadata, spec }: KubernetesObject, namespaces: readonly string[]): boolean {
  if (kind === 'Namespace') return !namespaces.includes(metadata.name);
  if (kind !== 'PersistentVolume' && kind !== 'VolumeSnapshotContent' && kind !== 'VolumeAttachment') return false;
  const { claimRef } = (spec ?? {}) as { claimRef?: { namespace?: string } };
  return !namespaces.includes(claimRef?.namespace ?? '');
}
