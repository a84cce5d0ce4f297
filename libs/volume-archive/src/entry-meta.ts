import type { BigIntStats } from 'node:fs';
import type { BytePath } from './path-bytes.ts';
import type { EntryKind, EntryMeta } from './record.ts';

const BILLION = 1_000_000_000n;

/** @returns what an entry is, or undefined for a socket, which means nothing without the process that made it. */
export function kindOf(stats: BigIntStats): EntryKind | undefined {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  if (stats.isSymbolicLink()) return 'symlink';
  if (stats.isFIFO()) return 'fifo';
  if (stats.isCharacterDevice()) return 'characterDevice';
  if (stats.isBlockDevice()) return 'blockDevice';
  return undefined;
}

export function metaOf(path: BytePath, kind: EntryKind, stats: BigIntStats): EntryMeta {
  const isDevice = kind === 'characterDevice' || kind === 'blockDevice';
  const mtimeSeconds = floorDivide(stats.mtimeNs, BILLION);
  return {
    kind,
    path,
    mode: Number(stats.mode & 0o7777n),
    uid: Number(stats.uid),
    gid: Number(stats.gid),
    mtimeSeconds,
    mtimeNanos: Number(stats.mtimeNs - mtimeSeconds * BILLION),
    size: kind === 'file' ? Number(stats.size) : 0,
    ...(isDevice ? deviceNumbers(stats.rdev) : { major: 0, minor: 0 }),
  };
}

/**
 * @returns seconds as Node's utimes takes them: a double, so exact to about a quarter of a microsecond. As a string, for
 *   Node takes a number below 0 for the present.
 */
export function mtimeForNode(meta: EntryMeta): string {
  return String(Number(meta.mtimeSeconds) + meta.mtimeNanos / 1e9);
}

/** As glibc's gnu_dev_major and gnu_dev_minor. */
function deviceNumbers(rdev: bigint): { major: number; minor: number } {
  return {
    major: Number(((rdev >> 8n) & 0xfffn) | ((rdev >> 32n) & 0xfffff000n)),
    minor: Number((rdev & 0xffn) | ((rdev >> 12n) & 0xffffff00n)),
  };
}

function floorDivide(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  return value % by < 0n ? quotient - 1n : quotient;
}
