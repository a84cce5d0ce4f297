import {
  CopyOptions,
  type MigrationDefinition,
  MigrationHooks,
  OnFailure,
  RestoreTransforms,
  Selection,
} from '@godwit/contracts/migration-definition';
import { MigrationRetention } from '@godwit/contracts/retention';

/** What the wizard begins with: all that has a default, and the source that one comes from. */
export function newDefinition(sourceClusterId = ''): object {
  return {
    name: '',
    sourceClusterId,
    selection: Selection.parse({}),
    copy: CopyOptions.parse({}),
    destination: { type: 'Registered', clusterId: '' },
    transforms: RestoreTransforms.parse({}),
    hooks: MigrationHooks.parse({}),
    onFailure: OnFailure.parse({}),
    retention: MigrationRetention.parse({}),
  };
}

/** A definition to be saved under another name. */
export function cloneOf(definition: MigrationDefinition): object {
  return { ...definition, name: `${definition.name} copy` };
}

const prefixed = (key: string) => `godwit-draft-${key}`;

/** @param key of what is edited: the id of a migration, or `new` @returns what was filled in and not saved; undefined: nothing */
export function readDraft(key: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(prefixed(key)) ?? 'null') ?? undefined;
  } catch {
    return undefined; // storage is forbidden, or another version wrote there what this one does not read
  }
}

/** @param values undefined: forgets the draft */
export function writeDraft(key: string, values: unknown): void {
  try {
    if (values === undefined) localStorage.removeItem(prefixed(key));
    else localStorage.setItem(prefixed(key), JSON.stringify(values));
  } catch {
    // It then lasts until the page is loaded again.
  }
}
