import { gunzipSync } from 'node:zlib';
import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { createPatch } from 'rfc6902';
import type { TestCluster } from './cluster.ts';

/** What the destination's own controllers make anew from what was migrated, or from nothing. */
const MADE_BY_CLUSTER = new Set([
  'Pod',
  'ReplicaSet',
  'ControllerRevision',
  'Endpoints',
  'EndpointSlice',
  'Event',
  'Lease',
  'PodMetrics',
]);
const isOfEveryNamespace = ({ kind, metadata }: KubernetesObject) => kind === 'ConfigMap' && metadata.name === 'kube-root-ca.crt';

/** Set by the API server or the volume binder of each cluster, whoever creates the object. */
const SERVER_METADATA = [
  'generateName',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'managedFields',
  'namespace',
];
const BINDER_ANNOTATION = /^(pv\.kubernetes\.io\/|volume\.(beta\.)?kubernetes\.io\/(storage-provisioner|selected-node))/;
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
const OURS = /^godwit\.io\//;

/** A text as long as this is named, not shown. */
const LONG = 200;

/**
 * Compares what users and controllers wrote into a namespace with what is in its counterpart on the destination, object by
 * object and field by field.
 * @param renames old name of a namespace -> new name: wherever it stands on the source, the new one is expected on the destination
 * @returns `Kind name is missing`, `Kind name is new`, `Kind name: op /path value`, in the order of names; all that is not told is equal
 */
export async function compareNamespaces(
  source: TestCluster,
  namespace: string,
  dest: TestCluster,
  renames: Record<string, string> = {},
): Promise<string[]> {
  const [before, after] = await Promise.all([
    objectsOf(source, namespace, renames),
    objectsOf(dest, renames[namespace] ?? namespace),
  ]);
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return names.flatMap((name) => {
    const [was, is] = [before.get(name), after.get(name)];
    if (!is) return [`${name} is missing`];
    if (!was) return [`${name} is new`];
    return createPatch(was, is).map((change) => {
      const value = JSON.stringify('value' in change ? change.value : undefined) ?? '';
      return `${name}: ${change.op} ${change.path} ${value.length < LONG ? value : '...'}`.trim();
    });
  });
}

async function objectsOf(
  cluster: TestCluster,
  namespace: string,
  renames: Record<string, string> = {},
): Promise<Map<string, object>> {
  const types = await cluster.kubectl('api-resources', '--namespaced', '--verbs=list,create', '--output=name');
  const all = await cluster.kubectl('get', types.trim().split('\n').join(','), '-n', namespace, '-o', 'json');
  const { items } = JSON.parse(all) as { items: KubernetesObject[] };
  const wanted = items.filter((object) => !MADE_BY_CLUSTER.has(object.kind) && !isOfEveryNamespace(object));
  return new Map(
    wanted.map((object) => {
      const text = JSON.stringify(withReadableRelease(withoutServerFields(object)));
      const renamed = Object.entries(renames).reduce((current, [from, to]) => current.replaceAll(from, to), text);
      return [`${object.kind} ${object.metadata.name}`, JSON.parse(renamed) as object];
    }),
  );
}

/** Helm packs what it keeps of a release. */
function withReadableRelease(object: Record<string, unknown>): object {
  if (object.type !== 'helm.sh/release.v1') return object;
  const { release } = object.data as { release: string };
  const packed = Buffer.from(Buffer.from(release, 'base64').toString('latin1'), 'base64');
  return { ...object, data: { release: JSON.parse(gunzipSync(packed).toString('utf8')) } };
}

function withoutServerFields({ status: _status, ...object }: KubernetesObject & { status?: unknown }): Record<string, unknown> {
  const metadata = Object.entries(object.metadata).filter(([field]) => !SERVER_METADATA.includes(field));
  const { ownerReferences, labels, annotations } = object.metadata;
  return {
    ...object,
    metadata: {
      ...Object.fromEntries(metadata),
      labels: without(labels, (key) => OURS.test(key)),
      annotations: without(annotations, (key) => OURS.test(key) || BINDER_ANNOTATION.test(key) || key === LAST_APPLIED),
      ownerReferences: ownerReferences?.map(({ uid: _uid, ...owner }) => owner) ?? [],
    },
    spec: withoutAddresses(object),
  };
}

/** Addresses and volumes are those of each cluster; node ports are compared, for they may be promised. */
function withoutAddresses({ kind, spec }: KubernetesObject): unknown {
  if (kind === 'Service') {
    const { clusterIP, clusterIPs: _clusterIPs, ...rest } = spec as { clusterIP?: string; clusterIPs?: string[] };
    return { ...rest, headless: clusterIP === 'None' };
  }
  if (kind === 'PersistentVolumeClaim') {
    const { volumeName: _volumeName, ...rest } = spec as { volumeName?: string };
    return rest;
  }
  return spec ?? {};
}

function without(record: Record<string, string> | undefined, isLeftOut: (key: string) => boolean): Record<string, string> {
  return Object.fromEntries(Object.entries(record ?? {}).filter(([key]) => !isLeftOut(key)));
}
