import { isDeepStrictEqual } from 'node:util';
import { groupOf, type KubernetesObject } from '@godwit/contracts/kubernetes-object';
import type { FieldChange } from '@godwit/contracts/run';
import { applyPatch, createPatch, Pointer } from 'rfc6902';

/** What is kept of the differences of one object: enough for a person to judge it. */
const MOST_CHANGES = 100;
const MOST_VALUE = 2_000;
const HIDDEN = '(hidden)';
/** Of a Secret; all else may tell what it hides, its annotations too (kubectl keeps a copy of the manifest there). */
const TOLD_OF_SECRETS = /^\/(type$|immutable$|metadata\/(labels|ownerReferences|finalizers)(\/|$))/;

/** What differs between an object as it is and as it becomes, without the API server's book-keeping. None of a Secret's values. */
export function fieldChanges(before: KubernetesObject, after: KubernetesObject): FieldChange[] {
  const current = structuredClone(withoutBookKeeping(before));
  const isSecret = before.kind === 'Secret' && groupOf(before.apiVersion) === '';
  return createPatch(current, withoutBookKeeping(after))
    .slice(0, MOST_CHANGES)
    .map((operation) => {
      const was = operation.op === 'add' ? undefined : Pointer.fromJSON(operation.path).get(current);
      // Places in a list are those after the operations before.
      const change: FieldChange = { path: operation.path };
      const told = (value: unknown) => (isSecret && !TOLD_OF_SECRETS.test(operation.path) ? HIDDEN : shortened(value));
      if (operation.op !== 'add') change.before = told(was);
      if (operation.op === 'add' || operation.op === 'replace') change.after = told(operation.value);
      applyPatch(current, [structuredClone(operation)]);
      return change;
    });
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
