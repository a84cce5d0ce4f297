import { groupOf } from '@godwit/contracts/kubernetes-object';
import type { ObjectOutcome } from '@godwit/contracts/run';
import type { ObjectKey, RunObject, RunObjectStore } from '@godwit/db/run-object-store';
import { tierOf } from './rollback-order.ts';

/** What a run has noted of what it did on the destination, by tiers. */
export interface RunRecords {
  /** What it created, by {@link recordKey}. */
  created(tier: string): ReadonlyMap<string, RunObject>;
  /** What it updated or merged, and what it may have changed: it failed, was refused or was cut off in the middle. */
  changed(tier: string): readonly RunObject[];
  /** UIDs of all that it created. */
  createdUids: ReadonlySet<string>;
}

const MAY_HAVE_CHANGED = ['Updated', 'Merged', 'Warned', 'Failed'] as const satisfies readonly ObjectOutcome[];

export async function readRecords(store: Pick<RunObjectStore, 'each'>, runId: string): Promise<RunRecords> {
  const created = new Map<string, Map<string, RunObject>>();
  const changed = new Map<string, RunObject[]>();
  const createdUids = new Set<string>();
  for await (const { apiVersion, kind, namespace, name, uid } of store.each(runId, { outcome: 'Created' })) {
    const record: RunObject = { apiVersion, kind, namespace, name, outcome: 'Created', ...(uid ? { uid } : {}) };
    getOrAdd(created, tierOf(record), () => new Map<string, RunObject>()).set(recordKey(record), record);
    if (uid) createdUids.add(uid);
  }
  for (const outcome of MAY_HAVE_CHANGED) {
    for await (const { apiVersion, kind, namespace, name } of store.each(runId, { outcome })) {
      const record: RunObject = { apiVersion, kind, namespace, name, outcome };
      getOrAdd(changed, tierOf(record), () => [] as RunObject[]).push(record);
    }
  }
  return {
    created: (tier) => created.get(tier) ?? new Map(),
    changed: (tier) => changed.get(tier) ?? [],
    createdUids,
  };
}

/** The version in which an object is read may differ, the object does not. */
export function recordKey({ apiVersion, kind, namespace, name }: ObjectKey): string {
  return `${groupOf(apiVersion)}/${kind}/${namespace}/${name}`;
}

function getOrAdd<V>(map: Map<string, V>, key: string, make: () => V): V {
  const known = map.get(key);
  if (known) return known;
  const made = make();
  map.set(key, made);
  return made;
}
