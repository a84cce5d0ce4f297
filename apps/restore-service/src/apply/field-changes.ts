import { isDeepStrictEqual } from 'node:util';
import { groupOf, type KubernetesObject } from '@godwit/contracts/kubernetes-object';
import type { FieldChange } from '@godwit/contracts/run';
import { applyPatch, createPatch, Pointer } from 'rfc6902';

/** What is kept of the differences of one object: enough for a person to judge it. */
const MOST_CHANGES = 100;
const MOST_VALUE = 2_000;
/** A longer list that differs is told as a whole. */
const LONG_LIST = 50;
const HIDDEN = '(hidden)';
/** Of a Secret; all else may tell what it hides, its annotations too (kubectl keeps a copy of the manifest there). */
const TOLD_OF_SECRETS = /^\/(type$|immutable$|metadata\/(labels|ownerReferences|finalizers)(\/|$))/;

/** What differs between an object as it is and as it becomes, without the API server's book-keeping. None of a Secret's values. */
export function fieldChanges(before: KubernetesObject, after: KubernetesObject): FieldChange[] {
  const current = structuredClone(withoutBookKeeping(before)) as Fields;
  const isSecret = before.kind === 'Secret' && groupOf(before.apiVersion) === '';
  const next = structuredClone(withoutBookKeeping(after)) as Fields;
  const longLists = takeLongLists(current, next);
  const told = (path: string, value: unknown) => (isSecret && !TOLD_OF_SECRETS.test(path) ? HIDDEN : shortened(value));
  return [
    ...longLists.map(({ path, before: was, after: is }) => ({ path, before: told(path, was), after: told(path, is) })),
    ...smallChanges(current, next, told),
  ].slice(0, MOST_CHANGES);
}

function smallChanges(current: object, after: object, told: (path: string, value: unknown) => unknown): FieldChange[] {
  return createPatch(current, after)
    .slice(0, MOST_CHANGES)
    .map((operation) => {
      const was = operation.op === 'add' ? undefined : Pointer.fromJSON(operation.path).get(current);
      // Places in a list are those after the operations before.
      const change: FieldChange = { path: operation.path };
      if (operation.op !== 'add') change.before = told(operation.path, was);
      if (operation.op === 'add' || operation.op === 'replace') change.after = told(operation.path, operation.value);
      applyPatch(current, [structuredClone(operation)]);
      return change;
    });
}

type Fields = Record<string, unknown>;

/**
 * Takes lists that are long out of both, and tells which of them differ: to find the least difference of two lists takes time and
 * memory with the product of their lengths, even if there is none.
 */
function takeLongLists(current: Fields | unknown[], after: Fields | unknown[], path = ''): FieldChange[] {
  const changes: FieldChange[] = [];
  for (const key of Object.keys(current)) {
    const [was, is] = [(current as Fields)[key], (after as Fields)[key]];
    if (typeof was !== 'object' || was === null || typeof is !== 'object' || is === null) continue;
    const at = `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    if (Array.isArray(was) && Array.isArray(is) && Math.max(was.length, is.length) > LONG_LIST) {
      if (!isDeepStrictEqual(was, is)) changes.push({ path: at, before: was, after: is });
      (current as Fields)[key] = null;
      (after as Fields)[key] = null;
    } else if (Array.isArray(was) === Array.isArray(is)) {
      changes.push(...takeLongLists(was as Fields, is as Fields, at));
    }
  }
  return changes;
}

/** True if an update changed nothing but the API server's book-keeping (managedFields change with each new manager). */
export function isUnchanged(before: KubernetesObject, after: KubernetesObject): boolean {
  return isDeepStrictEqual(withoutBookKeeping(before), withoutBookKeeping(after));
}

function withoutBookKeeping({ status: _, ...object }: KubernetesObject): object {
  const { managedFields: _managed, resourceVersion: _version, generation: _generation, uid: _uid, ...metadata } = object.metadata;
  const { creationTimestamp: _created, ...told } = metadata;
  return { ...object, metadata: told };
}

function shortened(value: unknown): unknown {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return text.length <= MOST_VALUE ? structuredClone(value) : `${text.slice(0, MOST_VALUE).toWellFormed()}…`;
}
