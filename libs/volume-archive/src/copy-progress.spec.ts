import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, jest, test } from '@jest/globals';
import { TestVolume } from './testing/test-volume.ts';
import type { VolumeProgress } from './volume-task.ts';

jest.setTimeout(30_000);

/** Two packs, and much less than what is read ahead. */
const BYTES = 12_000_000;

function volumeOfTwoPacks(): TestVolume {
  const volume = new TestVolume();
  writeFileSync(join(volume.source, 'file'), randomBytes(BYTES));
  return volume;
}

test('a copy is as far as its bytes went out, not as far as it has read', async () => {
  await using volume = volumeOfTwoPacks();
  const told: number[] = [];
  await volume.copy({ maxBytesPerSecond: 6_000_000, onProgress: ({ bytesDone }) => told.push(bytesDone) });
  const between = new Set(told.filter((bytes) => bytes > 0 && bytes < BYTES));
  expect(between.size).toBeGreaterThanOrEqual(3);
  expect(told).toEqual(told.toSorted((a, b) => a - b));
  expect(told.at(-1)).toBe(BYTES);
});

test('a pack that was not stored does not count, and neither do the files that end in it', async () => {
  await using volume = volumeOfTwoPacks();
  volume.store.fault = (request, response) => {
    const isSecond = request.url?.endsWith('/packs/00000001') === true;
    if (isSecond) response.writeHead(503).end();
    return isSecond;
  };
  const told: VolumeProgress[] = [];
  await expect(volume.copy({ onProgress: (progress) => told.push(progress) })).rejects.toMatchObject({
    reason: 'StoreUnreachable',
  });
  expect(told.at(-1)?.bytesDone).toBeGreaterThan(8_000_000);
  expect(told.at(-1)?.bytesDone).toBeLessThan(8_400_000);
  expect(told.at(-1)?.filesDone).toBe(0);

  volume.store.fault = undefined;
  await volume.copy({ onProgress: (progress) => told.push(progress) });
  expect(told.at(-1)).toMatchObject({ bytesDone: BYTES, filesDone: 1 });
});
