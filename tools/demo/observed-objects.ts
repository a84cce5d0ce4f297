import type { Kubectl } from './kubectl.ts';
import { type ShopOptions, shopNamespaces } from './shop.ts';

export interface ObservedObject {
  kind: string;
  metadata: { name: string; namespace?: string; uid: string; resourceVersion?: string; managedFields?: unknown };
  [field: string]: unknown;
}

/** Events tell of what happens; Leases and EndpointSlices are rewritten by their controllers for reasons of their own. */
const PASSING = /^(events|leases|endpointslices|endpoints)(\.|$)/;
/** Taking a snapshot puts a finalizer on the claim for a while, so the claim gets a new version though nothing has changed. */
const SNAPSHOTTED = 'PersistentVolumeClaim';

/** @returns all objects of the shop, of every type that its cluster serves, by `Kind namespace/name`. */
export async function observeShopObjects(kubectl: Kubectl, options: ShopOptions): Promise<Map<string, ObservedObject>> {
  const namespaced = lines(await kubectl(['api-resources', '--verbs=list', '--namespaced', '--output=name']));
  const kinds = namespaced.filter((name) => !PASSING.test(name)).join(',');
  const found = await Promise.all([
    ...shopNamespaces(options).map((namespace) => list(kubectl, [kinds, `--namespace=${namespace}`])),
    list(kubectl, ['namespaces', ...shopNamespaces(options)]),
    list(kubectl, ['clusterroles,clusterrolebindings', `--selector=app.kubernetes.io/instance=${options.namespace}`]),
  ]);
  return new Map(found.flat().map((object) => [nameOf(object), object]));
}

/** @returns what differs between two observations of one cluster, a line for each object; empty when nobody has touched it. */
export function changesBetween(
  before: ReadonlyMap<string, ObservedObject>,
  after: ReadonlyMap<string, ObservedObject>,
): string[] {
  const changes: string[] = [];
  for (const [name, object] of before) {
    const now = after.get(name);
    if (!now) changes.push(`${name} is gone`);
    else if (now.metadata.uid !== object.metadata.uid) changes.push(`${name} was made again`);
    else if (contents(now) !== contents(object)) changes.push(`${name} has changed`);
    else if (object.kind !== SNAPSHOTTED && now.metadata.resourceVersion !== object.metadata.resourceVersion)
      changes.push(`${name} was written, though with the same contents`);
  }
  for (const name of after.keys()) if (!before.has(name)) changes.push(`${name} is new`);
  return changes;
}

function contents({
  metadata: { resourceVersion: _version, managedFields: _fields, ...metadata },
  ...object
}: ObservedObject): string {
  return JSON.stringify({ ...object, metadata });
}

async function list(kubectl: Kubectl, args: readonly string[]): Promise<ObservedObject[]> {
  return JSON.parse(await kubectl(['get', ...args, '--output=json'])).items;
}

function nameOf({ kind, metadata }: ObservedObject): string {
  return `${kind} ${metadata.namespace ? `${metadata.namespace}/` : ''}${metadata.name}`;
}

function lines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}
