import type { BigIntStats } from 'node:fs';
import type { BytePath } from './path-bytes.ts';

/** Remembers the first name of each entry that has several, until the last one was met. */
export class HardLinks {
  readonly #first = new Map<string, { path: BytePath; left: number }>();

  /** @returns the first name in the archive of the same entry, if it has one. */
  find(stats: BigIntStats): BytePath | undefined {
    if (stats.nlink < 2n) return undefined;
    const key = identityOf(stats);
    const known = this.#first.get(key);
    if (!known) return undefined;
    known.left -= 1;
    if (known.left <= 0) this.#first.delete(key);
    return known.path;
  }

  /** Tells that this entry's data is in the archive under this name. */
  remember(stats: BigIntStats, path: BytePath): void {
    if (stats.nlink < 2n || stats.isDirectory()) return;
    this.#first.set(identityOf(stats), { path, left: Number(stats.nlink) - 1 });
  }
}

const identityOf = (stats: BigIntStats) => `${stats.dev}:${stats.ino}`;
