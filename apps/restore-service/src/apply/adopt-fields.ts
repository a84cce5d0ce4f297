import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { FIELD_MANAGER } from '@godwit/contracts/labels';

/** An entry of `metadata.managedFields`. */
interface ManagedFields {
  manager?: string;
  operation?: string;
  subresource?: string;
  fieldsV1?: FieldSet;
  [field: string]: unknown;
}

/** A set of fields as nested keys (`f:spec`, `k:{"name":"a"}`, `.`). */
type FieldSet = { [key: string]: FieldSet };

/**
 * The JSON patch that makes fields, which we own because we created the object, ours by server-side apply. Else what an earlier run
 * created would stay ours by another title, and no later apply could take it away. As client-go's csaupgrade does.
 * @returns undefined if there is nothing to do
 */
export function adoptFieldsPatch({ metadata }: KubernetesObject): object[] | undefined {
  const entries = (metadata.managedFields ?? []) as ManagedFields[];
  const created = entries.filter((entry) => isOurs(entry) && entry.operation === 'Update');
  if (created.length === 0) return undefined;
  const ours = entries.filter(isOurs);
  const adopted: ManagedFields = {
    ...ours.at(-1),
    operation: 'Apply',
    fieldsV1: ours.map(({ fieldsV1 = {} }) => fieldsV1).reduce(union, {}),
  };
  return [
    { op: 'replace', path: '/metadata/managedFields', value: [...entries.filter((entry) => !isOurs(entry)), adopted] },
    // Refused if the object has changed since it was read.
    { op: 'replace', path: '/metadata/resourceVersion', value: metadata.resourceVersion },
  ];
}

/** What we own of the object itself; its status is another matter. */
function isOurs({ manager, subresource }: ManagedFields): boolean {
  return manager === FIELD_MANAGER && !subresource;
}

function union(a: FieldSet, b: FieldSet): FieldSet {
  const all: FieldSet = { ...a };
  for (const [key, value] of Object.entries(b)) all[key] = union(all[key] ?? {}, value);
  return all;
}
