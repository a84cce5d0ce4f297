import { type EntryKind, entryKind, FIRST, LAST, PATCH } from './entry-kind.ts';
import { asked, type ListedEntry } from './native.ts';
import type { CompleteArchive } from './open-archive.ts';

/** An entry of the volume, as the archive tells of it. */
export interface ArchiveEntry {
  kind: EntryKind;
  /** Bytes, relative to the volume's root, which is the empty path; so is an image. */
  path: Buffer;
  /** The lower twelve bits. */
  mode: number;
  uid: number;
  gid: number;
  /** Since 1970, with parts of a second. */
  mtimeSeconds: number;
  /** Bytes of a file or an image, holes included; else 0. */
  size: number;
  /** Of devices. */
  device?: { major: number; minor: number };
  /** Target of a symbolic link; of a hard link the path of the first name of the same file. */
  target?: Buffer;
  /** In a delta: the archive holds only what changed of this entry. */
  isPatch: boolean;
}

/**
 * Lists an archive in the order of the walk: a directory before what is in it, names in byte order. Of a delta these are all
 * directories, and what is new or has changed.
 * @throws FatalError ArchiveDamaged; what came before it is as it was copied
 */
export async function* listEntries(archive: CompleteArchive): AsyncGenerator<ArchiveEntry> {
  let isPatch = false;
  for await (const { plain } of archive.packs()) {
    for (const record of await asked(() => plain.entries())) {
      if (record.flags & FIRST) isPatch = (record.flags & PATCH) !== 0;
      // The last record alone decides what the entry is.
      if (record.flags & LAST) yield toEntry(record, isPatch);
    }
  }
}

function toEntry(record: ListedEntry, isPatch: boolean): ArchiveEntry {
  const { path, mode, uid, gid, mtimeSeconds, size, major, minor, data } = record;
  const kind = entryKind(record.kind);
  const isDevice = kind === 'character-device' || kind === 'block-device';
  return {
    kind,
    path,
    mode,
    uid,
    gid,
    mtimeSeconds,
    size,
    ...(isDevice && { device: { major, minor } }),
    ...(data && { target: data }),
    isPatch,
  };
}
