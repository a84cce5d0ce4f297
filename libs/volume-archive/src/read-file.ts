import { archiveDamaged, notReadable } from './archive-errors.ts';
import { type EntryKind, entryKind, FIRST, LAST, PATCH } from './entry-kind.ts';
import { asked, type ListedEntry } from './native.ts';
import type { CompleteArchive } from './open-archive.ts';
import { showPath } from './path-text.ts';

const ZEROS = Buffer.alloc(256 * 1024);

/**
 * Reads the content of one file, or of the image of a block volume (the empty path): pieces at their offsets, holes as zeros, of a
 * further name of a file the content of the first one. Packs behind the file are not read, so this does not prove that the whole
 * archive is sound; every byte that it yields is.
 * @param path bytes, relative to the volume's root
 * @throws FatalError NotReadable when the archive holds no content at this path, or only its changes; ArchiveDamaged
 */
export async function* readFile(archive: CompleteArchive, path: Buffer): AsyncGenerator<Buffer> {
  const firstName = yield* readAt(archive, path, path);
  // A first name is a file or a symbolic link, and no further name itself.
  if (firstName && (yield* readAt(archive, firstName, path))) {
    throw archiveDamaged(`The archive links ${showPath(path)} to another hard link`);
  }
}

/** @returns the first name of the file, when there is a hard link at `path` */
async function* readAt(archive: CompleteArchive, path: Buffer, askedFor: Buffer): AsyncGenerator<Buffer, Buffer | undefined> {
  let end: number | undefined;
  for await (const { plain } of archive.packs()) {
    for (const record of await asked(() => plain.entries(path))) {
      if (entryKind(record.kind) === 'hardlink') return record.data;
      if (record.flags & FIRST) {
        assertWhole(record, askedFor);
        end = 0;
      }
      if (end === undefined) throw archiveDamaged(`The archive holds a piece of ${showPath(path)} without its beginning`);
      yield* zeros(record.offset - end, path);
      if (record.data?.length) yield record.data;
      end = record.offset + (record.data?.length ?? 0);
      if (!(record.flags & LAST)) continue;
      yield* zeros(record.size - end, path);
      return undefined;
    }
  }
  if (end !== undefined) throw archiveDamaged(`The archive leaves ${showPath(path)} unfinished`);
  throw notFound(archive, path, askedFor);
}

function* zeros(length: number, path: Buffer): Generator<Buffer> {
  if (length < 0) throw archiveDamaged(`The archive holds the pieces of ${showPath(path)} out of order`);
  for (let left = length; left > 0; left -= ZEROS.length) yield left < ZEROS.length ? ZEROS.subarray(0, left) : ZEROS;
}

const WITHOUT_CONTENT: Partial<Record<EntryKind, string>> = {
  directory: 'a directory',
  symlink: 'a symbolic link, which is not followed',
  fifo: 'a named pipe',
  'character-device': 'a device',
  'block-device': 'a device',
};

function assertWhole({ kind, flags }: ListedEntry, path: Buffer): void {
  const other = WITHOUT_CONTENT[entryKind(kind)];
  if (other) throw notReadable(showPath(path), `is ${other}`);
  if (flags & PATCH) throw notReadable(showPath(path), 'is not whole in this archive, which holds only what changed of it');
}

function notFound({ closing }: CompleteArchive, path: Buffer, askedFor: Buffer): Error {
  if (closing.base) {
    return notReadable(
      showPath(askedFor),
      'is not in this archive, which holds only what changed: it did not change, or is not there',
    );
  }
  if (!path.equals(askedFor))
    return archiveDamaged(`The archive links ${showPath(askedFor)} to ${showPath(path)}, which it does not hold`);
  return notReadable(showPath(askedFor), 'is not in this archive');
}
