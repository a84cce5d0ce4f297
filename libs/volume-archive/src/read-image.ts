import { closeSync, constants, openSync } from 'node:fs';
import { isSystemError, readFailed } from './archive-errors.ts';
import { readData } from './read-file-data.ts';
import type { Reading } from './reading.ts';
import type { EntryMeta } from './record.ts';

/**
 * Puts a whole block device (or a file in its place) into the archive, beginning behind `reading.position`. Zeros are holes.
 * @throws RetryableError ReadFailed
 */
export async function readImage(path: string, reading: Reading): Promise<void> {
  const { position, writer } = reading;
  if (position?.whole) return;
  const meta: EntryMeta = {
    kind: 'image',
    path: '',
    mode: 0,
    uid: 0,
    gid: 0,
    mtimeSeconds: 0n,
    mtimeNanos: 0,
    size: 0,
    major: 0,
    minor: 0,
  };
  try {
    const descriptor = openSync(path, constants.O_RDONLY);
    try {
      if (!position) (await writer.room(meta, 0)).add(meta, { first: true, last: false, offset: 0 });
      const range = { from: position?.offset ?? 0, end: Number.MAX_SAFE_INTEGER, skipZeros: true };
      const size = await readData(descriptor, meta, range, reading);
      (await writer.room(meta, 0)).add({ ...meta, size }, { first: false, last: true, offset: size });
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw isSystemError(error) ? readFailed('the device', error) : error;
  }
  writer.counts.entries += 1;
  writer.counts.files += 1;
  await writer.flush();
}
