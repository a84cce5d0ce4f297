import {
  closeSync,
  constants,
  ftruncateSync,
  linkSync,
  mkdirSync,
  openSync,
  rmdirSync,
  symlinkSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { archiveDamaged, errnoOf } from './archive-errors.ts';
import { at, openDirectory, openRoot, type Place, statAt, statIfThere } from './beneath.ts';
import { layOnLink, layOnOpen } from './lay-metadata.ts';
import { assertSafePath, type BytePath, compareWalkOrder, showPath, splitPath } from './path-bytes.ts';
import type { EntryMeta, EntryRecord } from './record.ts';
import type { RecordSink, Warn } from './writing.ts';

const CREATE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

interface OpenDirectory {
  descriptor: number;
  path: BytePath;
  /** Laid when the last entry below is done, or else its time would move on and its mode might forbid writing. */
  meta: EntryMeta;
}

/**
 * Lays a file system tree. Records must come in the order of the walk, each path once, each parent before its children: so an
 * entry is only ever made in a directory that this restore made or took over itself and holds open, and no path of an archive,
 * no symbolic link in it and none on the volume can lead anywhere else.
 */
export class TreeWriter implements RecordSink {
  readonly #root: number;
  readonly #warn: Warn;
  readonly #directories: OpenDirectory[] = [];
  readonly #notMade = new Set<BytePath>();
  #last: BytePath | undefined;
  #file: { path: BytePath; descriptor: number } | undefined;

  constructor(root: string, warn: Warn) {
    this.#root = openRoot(root);
    this.#warn = warn;
  }

  apply(record: EntryRecord): void {
    if (record.first) this.#begin(record);
    else this.#continueFile(record);
  }

  finish(): void {
    if (this.#file) throw archiveDamaged(`The archive leaves ${showPath(this.#file.path)} unfinished`);
    if (this.#last === undefined) throw archiveDamaged('The archive is empty');
    this.#leaveUntil(() => false);
  }

  dispose(): void {
    if (this.#file) closeSync(this.#file.descriptor);
    this.#file = undefined;
    for (const { descriptor } of this.#directories.splice(0)) if (descriptor !== this.#root) closeSync(descriptor);
    closeSync(this.#root);
  }

  #begin(record: EntryRecord): void {
    if (this.#file) throw archiveDamaged(`The archive leaves ${showPath(this.#file.path)} unfinished`);
    if (record.kind === 'image') throw archiveDamaged('The archive is that of a Block volume, and this is a Filesystem volume');
    if (!record.last && record.kind !== 'file') throw archiveDamaged(`The archive holds ${showPath(record.path)} in pieces`);
    const place = this.#placeOf(record.path);
    this.#last = record.path;
    if (record.attributes.length > 0) {
      this.#warn('AttributesNotKept', record.path, 'has extended attributes, which this mover does not restore');
    }
    this.#make(record, place);
  }

  /** @returns where to make the entry; undefined for the root itself. Leaves the directories that the walk has left. */
  #placeOf(path: BytePath): Place | undefined {
    if (this.#last === undefined) {
      if (path !== '') throw archiveDamaged(`The archive begins with ${showPath(path)} instead of the root`);
      return undefined;
    }
    if (compareWalkOrder(this.#last, path) >= 0) {
      throw archiveDamaged(`The archive holds ${showPath(path)} after ${showPath(this.#last)}, out of order`);
    }
    const slash = path.lastIndexOf('/');
    const parent = path.slice(0, Math.max(0, slash));
    this.#leaveUntil((directory) => directory.path === parent);
    const directory = this.#directories.at(-1);
    if (!directory) throw archiveDamaged(`The archive holds ${showPath(path)} in what is no directory`);
    return { directory: directory.descriptor, name: path.slice(slash + 1) };
  }

  #leaveUntil(isWanted: (directory: OpenDirectory) => boolean): void {
    for (let top = this.#directories.at(-1); top && !isWanted(top); top = this.#directories.at(-1)) {
      layOnOpen(top.descriptor, top.meta, this.#warn);
      this.#directories.pop();
      if (top.descriptor !== this.#root) closeSync(top.descriptor);
    }
  }

  #make(record: EntryRecord, place: Place | undefined): void {
    const { kind, path } = record;
    if (kind === 'directory') {
      const descriptor = place ? this.#makeDirectory(place) : this.#root;
      const { data: _data, attributes: _attributes, ...meta } = record;
      this.#directories.push({ descriptor, path, meta });
    } else if (!place || kind === 'image')
      throw archiveDamaged('The archive is that of a Block volume, and this is a Filesystem volume');
    else if (kind === 'file') this.#makeFile(record, place);
    else if (kind === 'symlink') this.#makeSymlink(record, place);
    else if (kind === 'hardlink') this.#makeHardLink(record, place);
    else {
      this.#notMade.add(path);
      this.#warn('SpecialFileSkipped', path, 'is a device or a named pipe, which this mover does not restore');
    }
  }

  #makeDirectory(place: Place): number {
    const isThere = statIfThere(place)?.isDirectory();
    if (!isThere) makeAnew(place, () => mkdirSync(at(place), 0o700));
    return openDirectory(place);
  }

  #makeFile(record: EntryRecord, place: Place): void {
    const descriptor = makeAnew(place, () => openSync(at(place), CREATE, 0o600));
    this.#file = { path: record.path, descriptor };
    this.#writePiece(record, descriptor);
  }

  #continueFile(record: EntryRecord): void {
    if (record.kind !== 'file' || this.#file?.path !== record.path) {
      throw archiveDamaged(`The archive holds a piece of ${showPath(record.path)} without its beginning`);
    }
    this.#writePiece(record, this.#file.descriptor);
  }

  #writePiece(record: EntryRecord, descriptor: number): void {
    writeFully(descriptor, record.data, record.offset);
    if (!record.last) return;
    if (!record.first || record.data.length !== record.size) ftruncateSync(descriptor, record.size);
    layOnOpen(descriptor, record, this.#warn);
    this.#file = undefined;
    closeSync(descriptor); // may tell of a write that failed late (NFS), so it is no cleanup
  }

  #makeSymlink(record: EntryRecord, place: Place): void {
    if (record.data.length === 0 || record.data.includes(0)) {
      throw archiveDamaged(`The archive holds the symbolic link ${showPath(record.path)} without a valid target`);
    }
    makeAnew(place, () => symlinkSync(record.data, at(place)));
    layOnLink(place, record, this.#warn);
  }

  #makeHardLink(record: EntryRecord, place: Place): void {
    const target = record.data.toString('latin1');
    assertSafePath(target);
    if (compareWalkOrder(target, record.path) >= 0) {
      throw archiveDamaged(`The archive links ${showPath(record.path)} to ${showPath(target)}, which comes later`);
    }
    if (this.#notMade.has(target)) {
      this.#notMade.add(record.path);
      this.#warn(
        'SpecialFileSkipped',
        record.path,
        'is another name of a device or a named pipe, which this mover does not restore',
      );
      return;
    }
    this.#beneath(target, (existing) => {
      if (statAt(existing).isDirectory()) throw archiveDamaged(`The archive links ${showPath(record.path)} to a directory`);
      makeAnew(place, () => linkSync(at(existing), at(place)));
    });
  }

  /** Resolves a path from the root, through real directories only. */
  #beneath(path: BytePath, use: (place: Place) => void): void {
    const opened: number[] = [];
    const names = splitPath(path);
    const name = names.pop() ?? '';
    try {
      let directory = this.#root;
      for (const step of names) {
        directory = openDirectory({ directory, name: step });
        opened.push(directory);
      }
      use({ directory, name });
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT' && errnoOf(error) !== 'ENOTDIR' && errnoOf(error) !== 'ELOOP') throw error;
      throw archiveDamaged(`The archive links to ${showPath(path)}, which it does not hold`, error);
    } finally {
      opened.forEach(closeSync);
    }
  }
}

/** Makes an entry; what an earlier attempt (or anybody) left in its place is removed, never written through. */
function makeAnew<T>(place: Place, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
  }
  if (statAt(place).isDirectory()) rmdirSync(at(place));
  else unlinkSync(at(place));
  return make();
}

export function writeFully(descriptor: number, data: Buffer, position: number): void {
  for (let done = 0; done < data.length; ) done += writeSync(descriptor, data, done, data.length - done, position + done);
}
