import { archiveDamaged } from './archive-errors.ts';

/**
 * Paths are bytes. Inside the engine they are strings with one character per byte ("latin1 strings"): V8 keeps them at one byte
 * per character, they compare in byte order, and they are keys of maps. They are relative to the volume's root, which is ''.
 */
export type BytePath = string;

/** Longest path we write or take: eight times the kernel's PATH_MAX, since we never hand a whole path to it. */
export const MAX_PATH = 32_768;
const MAX_NAME = 255;

export const pathToBytes = (path: BytePath): Buffer => Buffer.from(path, 'latin1');

export function splitPath(path: BytePath): BytePath[] {
  return path === '' ? [] : path.split('/');
}

export function joinPath(directory: BytePath, name: BytePath): BytePath {
  return directory === '' ? name : `${directory}/${name}`;
}

/** Order of the walk: a directory before what is in it, names in byte order. Negative when `a` comes first. */
export function compareWalkOrder(a: BytePath, b: BytePath): number {
  const shorter = Math.min(a.length, b.length);
  let at = 0;
  while (at < shorter && a.charCodeAt(at) === b.charCodeAt(at)) at += 1;
  if (at === shorter) return a.length - b.length;
  // A separator ends a name, so it sorts before any byte a name can hold.
  if (a[at] === '/') return -1;
  if (b[at] === '/') return 1;
  return a.charCodeAt(at) - b.charCodeAt(at);
}

/** Refuses what could name anything but an entry below the root. @throws FatalError ArchiveDamaged */
export function assertSafePath(path: BytePath): void {
  if (path.length > MAX_PATH) throw archiveDamaged(`The archive holds a path of ${path.length} bytes`);
  for (const name of path.split('/')) {
    if (name === '' || name === '.' || name === '..' || name.length > MAX_NAME || name.includes('\0')) {
      throw archiveDamaged(`The archive holds the path "${showPath(path)}", which is not a path within a volume`);
    }
  }
}

/** @returns the path for people: UTF-8 where it is, other bytes and control characters as \xNN. The root is `/`. */
export function showPath(path: BytePath): string {
  if (path === '') return '/';
  const bytes = pathToBytes(path);
  const text = bytes.toString('utf8');
  const isUtf8 = Buffer.from(text, 'utf8').equals(bytes);
  const shown = isUtf8 ? text : path;
  const escaped = isUtf8 ? /[\x00-\x1f\x7f]/g : /[\x00-\x1f\x7f-\xff]/g;
  return shown.replace(escaped, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
