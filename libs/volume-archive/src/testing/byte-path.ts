import { archiveDamaged } from '../archive-errors.ts';

/** A path relative to the volume's root, which is '': bytes, as a string with one character for each ("latin1"). */
export type BytePath = string;

export const MAX_PATH = 32_768;
const MAX_NAME = 255;

/** Order of the walk: a directory before what is in it, names in byte order. Negative when `a` comes first. */
export function compareWalkOrder(a: BytePath, b: BytePath): number {
  const [left, right] = [a, b].map((path) => (path === '' ? [] : path.split('/')));
  for (const [index, name] of (left ?? []).entries()) {
    const other = right?.[index];
    if (other === undefined) return 1;
    if (name !== other) return name < other ? -1 : 1;
  }
  return (left?.length ?? 0) - (right?.length ?? 0);
}

/** Refuses what could name anything but an entry below the root. @throws FatalError ArchiveDamaged */
export function assertSafePath(path: BytePath): void {
  if (path.length > MAX_PATH) throw archiveDamaged(`The archive holds a path of ${path.length} bytes`);
  for (const name of path.split('/')) {
    if (name === '' || name === '.' || name === '..' || name.length > MAX_NAME || name.includes('\0')) {
      throw archiveDamaged(`The archive holds the path ${JSON.stringify(path)}, which is not a path within a volume`);
    }
  }
}
