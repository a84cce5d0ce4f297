import type { BigIntStats } from 'node:fs';
import { isSystemError, readFailed } from './archive-errors.ts';
import { close, openForReading, type Place, readLinkAt, statOpen } from './beneath.ts';
import { kindOf, metaOf } from './entry-meta.ts';
import { HardLinks } from './hard-links.ts';
import { PACK_SIZE } from './pack-builder.ts';
import { type BytePath, pathToBytes, showPath } from './path-bytes.ts';
import { readData, readFully } from './read-file-data.ts';
import type { Reading } from './reading.ts';
import type { EntryMeta } from './record.ts';
import { type ResumePosition, standing } from './resume-position.ts';
import { UnreadableEntry, unlessVanished, type WalkedEntry, walk } from './walk.ts';

/** Up to here a file lies whole in one pack. */
const SMALL_FILE = PACK_SIZE / 8;
const WHOLE = { first: true, last: true, offset: 0 };

/**
 * Puts a file system tree into the archive, beginning behind `reading.position`.
 * @throws RetryableError ReadFailed
 */
export async function readTree(root: string, reading: Reading): Promise<void> {
  try {
    await new TreeReader(reading).read(root);
  } catch (error) {
    throw error instanceof UnreadableEntry ? readFailed(showPath(error.entryPath), error.cause) : error;
  }
}

class TreeReader {
  readonly #reading: Reading;
  readonly #links = new HardLinks();
  /** The entry that an earlier attempt left in the middle; it must be ended before anything follows it. */
  #unfinished: ResumePosition | undefined;

  constructor(reading: Reading) {
    this.#reading = reading;
    this.#unfinished = reading.position?.whole === false ? reading.position : undefined;
  }

  async read(root: string): Promise<void> {
    const { breath, position, writer } = this.#reading;
    for (const entry of walk(root, (path) => this.#warnVanished(path))) {
      await breath.take();
      const where = standing(entry.path, position);
      if (where === 'archived') this.#passArchived(entry);
      else if (where === 'partial') await this.#continueFile(entry);
      else {
        await this.#endUnfinished();
        await this.#readEntry(entry);
      }
    }
    await this.#endUnfinished();
    await writer.flush();
  }

  /** On a live volume an entry may have appeared behind us: what changed since the copy began is no target for hard links. */
  #passArchived({ path, stats }: WalkedEntry): void {
    if (stats.ctimeMs < BigInt(this.#reading.position?.startedAt ?? 0) && !this.#links.find(stats))
      this.#links.remember(stats, path);
  }

  async #readEntry({ path, place, stats }: WalkedEntry): Promise<void> {
    const kind = kindOf(stats);
    if (!kind) {
      this.#reading.warn('SocketSkipped', path, 'is a socket: it is not copied, its program makes it anew');
      return;
    }
    const meta = metaOf(path, kind, stats);
    if (kind === 'directory' || !place) {
      (await this.#reading.writer.room(meta, 0)).add(meta, WHOLE);
      this.#reading.writer.counts.entries += 1;
      return;
    }
    const firstName = this.#links.find(stats);
    if (firstName !== undefined) await this.#addWhole({ ...meta, kind: 'hardlink', size: 0 }, pathToBytes(firstName));
    else if (kind === 'file') await this.#readFile(path, place);
    else {
      const target = kind === 'symlink' ? unlessVanished(path, () => readLinkAt(place)) : Buffer.alloc(0);
      if (!target) return this.#warnVanished(path);
      await this.#addWhole(meta, target);
      this.#links.remember(stats, path);
    }
  }

  async #addWhole(meta: EntryMeta, data: Buffer): Promise<void> {
    (await this.#reading.writer.room(meta, data.length)).add(meta, WHOLE, data);
    this.#countFile();
  }

  async #readFile(path: BytePath, place: Place): Promise<void> {
    await this.#withOpenFile(path, place, async (descriptor, stats) => {
      const { writer } = this.#reading;
      const meta = metaOf(path, 'file', stats);
      if (meta.size <= SMALL_FILE) {
        const builder = await writer.room(meta, meta.size);
        writer.counts.bytes += builder.addFilled(meta, { ...WHOLE, room: meta.size }, (view) => {
          meta.size = readFully(descriptor, view, 0);
          return meta.size;
        });
        this.#countFile();
      } else {
        (await writer.room(meta, 0)).add(meta, { first: true, last: false, offset: 0 });
        await this.#readLargeData(descriptor, meta, stats, 0);
      }
      this.#links.remember(stats, path);
    });
  }

  async #continueFile({ path, place, stats }: WalkedEntry): Promise<void> {
    const position = this.#unfinished;
    if (!position || !place || !stats.isFile()) return; // it is no file any more: it is ended as it was
    await this.#withOpenFile(path, place, async (descriptor, opened) => {
      this.#unfinished = undefined;
      const meta = metaOf(path, 'file', opened);
      const { mtimeSeconds, mtimeNanos, size } = position.meta;
      if (meta.mtimeSeconds !== mtimeSeconds || meta.mtimeNanos !== mtimeNanos || meta.size !== size) this.#warnChanged(path);
      await this.#readLargeData(descriptor, meta, opened, position.offset);
      this.#links.remember(opened, path);
    });
  }

  async #readLargeData(descriptor: number, meta: EntryMeta, stats: BigIntStats, from: number): Promise<void> {
    const skipZeros = stats.blocks * 512n < stats.size;
    const ended = await readData(descriptor, meta, { from, end: meta.size, skipZeros }, this.#reading);
    await this.#addLast({ ...meta, size: ended });
  }

  async #addLast(meta: EntryMeta): Promise<void> {
    (await this.#reading.writer.room(meta, 0)).add(meta, { first: false, last: true, offset: meta.size });
    this.#countFile();
  }

  async #endUnfinished(): Promise<void> {
    const position = this.#unfinished;
    if (!position) return;
    this.#unfinished = undefined;
    this.#warnVanished(position.meta.path);
    await this.#addLast({ ...position.meta, size: position.offset });
  }

  async #withOpenFile(
    path: BytePath,
    place: Place,
    read: (descriptor: number, stats: BigIntStats) => Promise<void>,
  ): Promise<void> {
    const descriptor = unlessVanished(path, () => openForReading(place));
    if (descriptor === undefined) return this.#warnVanished(path);
    try {
      const before = statOpen(descriptor);
      if (!before.isFile()) return this.#warnVanished(path);
      await read(descriptor, before);
      const after = statOpen(descriptor);
      if (after.mtimeNs !== before.mtimeNs || after.size !== before.size) this.#warnChanged(path);
    } catch (error) {
      throw isSystemError(error) ? new UnreadableEntry(path, error) : error;
    } finally {
      close(descriptor);
    }
  }

  #countFile(): void {
    this.#reading.writer.counts.entries += 1;
    this.#reading.writer.counts.files += 1;
  }

  #warnVanished(path: BytePath): void {
    this.#reading.warn('Vanished', path, 'was deleted or replaced while the volume was read');
  }

  #warnChanged(path: BytePath): void {
    this.#reading.warn('ChangedWhileRead', path, 'was written to while it was read: its copy may mix old and new content');
  }
}
