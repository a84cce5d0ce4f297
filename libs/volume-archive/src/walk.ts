import type { BigIntStats } from 'node:fs';
import { errnoOf } from './archive-errors.ts';
import { close, namesIn, openDirectory, openRoot, type Place, statAt, statOpen } from './beneath.ts';
import type { NameList } from './name-list.ts';
import { type BytePath, joinPath, MAX_PATH } from './path-bytes.ts';

export interface WalkedEntry {
  path: BytePath;
  /** Where it is, for opening it; undefined for the root. Valid until the walk goes on. */
  place?: Place;
  stats: BigIntStats;
}

/** mkfs makes it in the root of ext file systems; each volume has its own. */
const NOT_CONTENT = new Set(['lost+found']);

interface OpenDirectory {
  descriptor: number;
  path: BytePath;
  names: NameList | undefined;
  next: number;
}

/**
 * Walks a tree: each directory before what is in it, names in byte order, so two walks of one snapshot are the same. Memory holds
 * the names of the directories from the root to here.
 * @param onVanished an entry was gone when its turn came
 * @throws UnreadableEntry
 */
export function* walk(root: string, onVanished: (path: BytePath) => void): Generator<WalkedEntry> {
  const stack: OpenDirectory[] = [];
  const enter = (descriptor: number, path: BytePath): BigIntStats => {
    const directory: OpenDirectory = { descriptor, path, names: undefined, next: 0 };
    stack.push(directory);
    const stats = statOpen(descriptor);
    directory.names = namesIn(descriptor);
    return stats;
  };
  try {
    const rootStats = unlessVanished('', () => enter(openRoot(root), ''));
    if (!rootStats) throw new UnreadableEntry('', new Error('it is not there, or not a directory'));
    yield { path: '', stats: rootStats };
    for (let directory = stack.at(-1); directory; directory = stack.at(-1)) {
      const name = directory.names?.at(directory.next);
      if (name === undefined) {
        close(directory.descriptor);
        stack.pop();
        continue;
      }
      directory.next += 1;
      if (directory.path === '' && NOT_CONTENT.has(name)) continue;
      const place = { directory: directory.descriptor, name };
      const path = joinPath(directory.path, name);
      if (path.length > MAX_PATH) throw new UnreadableEntry(path, new Error(`its path is longer than ${MAX_PATH} bytes`));
      const entry = unlessVanished(path, () => {
        const stats = statAt(place);
        return { path, place, stats: stats.isDirectory() ? enter(openDirectory(place), path) : stats };
      });
      if (entry) yield entry;
      else onVanished(path);
    }
  } finally {
    for (const { descriptor } of stack) close(descriptor);
  }
}

/**
 * Runs what reads one entry of a tree that may be in use.
 * @returns undefined when the entry is gone or has become something else meanwhile
 */
export function unlessVanished<T>(path: BytePath, read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    const code = errnoOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP') return undefined;
    throw new UnreadableEntry(path, error);
  }
}

/** Carries the path of the entry that could not be read to the one who words the error. */
export class UnreadableEntry extends Error {
  constructor(
    readonly entryPath: BytePath,
    override readonly cause: unknown,
  ) {
    super('unreadable entry');
  }
}
