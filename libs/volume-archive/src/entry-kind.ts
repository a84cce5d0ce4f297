/** Kinds of entries by their numbers, and flags of their records: see docs/archive-format.md. */
const KINDS = {
  1: 'file',
  2: 'directory',
  3: 'symlink',
  4: 'hardlink',
  5: 'fifo',
  6: 'character-device',
  7: 'block-device',
  8: 'image',
} as const;
export type EntryKind = (typeof KINDS)[keyof typeof KINDS];

export const FIRST = 1;
export const LAST = 2;
/** What is at the path changes in place; in deltas. */
export const PATCH = 4;

/** @param number one that the core has read, which refuses others */
export function entryKind(number: number): EntryKind {
  return KINDS[number as keyof typeof KINDS];
}
