/** Drafts lie in the tab's session storage: they outlive a reload, and neither other tabs nor whoever signs in next have them. */
const PREFIX = 'godwit-draft-';

/** What was filled in and not saved. */
export interface Draft {
  values: object;
  /** Of the migration that is edited, when it was read; absent: a new one. */
  version?: number;
}

/** @param key of what is edited: the id of a migration, or `new` @returns undefined: there is none */
export function readDraft(key: string): Draft | undefined {
  try {
    const draft = JSON.parse(sessionStorage.getItem(PREFIX + key) ?? 'null') as Partial<Draft> | null;
    return draft?.values && { ...draft, values: draft.values };
  } catch {
    return undefined; // storage is forbidden, or another version wrote there what this one does not read
  }
}

/** @param draft undefined: forgets it */
export function writeDraft(key: string, draft: Draft | undefined): void {
  try {
    if (draft === undefined) sessionStorage.removeItem(PREFIX + key);
    else sessionStorage.setItem(PREFIX + key, JSON.stringify(draft));
  } catch {
    // It then lasts until the page is loaded again.
  }
}

/** Forgets all drafts of this tab. */
export function forgetDrafts(): void {
  try {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
  } catch {
    // There are none where storage is forbidden.
  }
}
