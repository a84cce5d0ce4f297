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

/** What was filled in and not saved. */
export interface Draft {
  values: object;
  /** Of the migration that is edited, when it was read; absent: a new one. */
  version?: number;
}

/** @param key of what is edited: the id of a migration, or `new` @returns undefined: there is none */
export function readDraft(key: string): Draft | undefined {
  try {
    const draft = JSON.parse(localStorage.getItem(prefixed(key)) ?? 'null') as Partial<Draft> | null;
    return draft?.values && { ...draft, values: draft.values };
  } catch {
    return undefined; // storage is forbidden, or another version wrote there what this one does not read
  }
}

/** @param draft undefined: forgets it */
export function writeDraft(key: string, draft: Draft | undefined): void {
  try {
    if (draft === undefined) localStorage.removeItem(prefixed(key));
    else localStorage.setItem(prefixed(key), JSON.stringify(draft));
  } catch {
    // It then lasts until the page is loaded again.
  }
}
