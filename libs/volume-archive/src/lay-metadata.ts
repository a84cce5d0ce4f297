import { fchmodSync, fchownSync, futimesSync, lchownSync, lutimesSync } from 'node:fs';
import { errnoOf } from './archive-errors.ts';
import { at, type Place } from './beneath.ts';
import { mtimeForNode } from './entry-meta.ts';
import type { EntryMeta } from './record.ts';
import type { Warn } from './writing.ts';

/** Lays owner, mode and time onto an open file or directory: in this order, for a change of owner clears setuid and setgid. */
export function layOnOpen(descriptor: number, meta: EntryMeta, warn: Warn): void {
  unlessForbidden(meta, warn, 'owner', () => fchownSync(descriptor, meta.uid, meta.gid));
  unlessForbidden(meta, warn, 'mode', () => fchmodSync(descriptor, meta.mode));
  unlessForbidden(meta, warn, 'time', () => futimesSync(descriptor, mtimeForNode(meta), mtimeForNode(meta)));
}

/** Lays owner and time onto a symbolic link, which has no mode of its own. */
export function layOnLink(place: Place, meta: EntryMeta, warn: Warn): void {
  unlessForbidden(meta, warn, 'owner', () => lchownSync(at(place), meta.uid, meta.gid));
  unlessForbidden(meta, warn, 'time', () => lutimesSync(at(place), mtimeForNode(meta), mtimeForNode(meta)));
}

/** Some volumes (NFS with root squash, FAT) keep no owners or modes: their data is worth having without. */
function unlessForbidden(meta: EntryMeta, warn: Warn, what: 'owner' | 'mode' | 'time', lay: () => void): void {
  try {
    lay();
  } catch (error) {
    const code = errnoOf(error);
    if (code !== 'EPERM' && code !== 'EINVAL' && code !== 'ENOTSUP') throw error;
    warn('MetadataNotKept', meta.path, `the destination volume did not take its ${what} (${code})`);
  }
}
