import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { TestVolume } from './testing/test-volume.ts';

const BLOCK = 8192;

test('a file that grew between two attempts has its blocks on their grid in the index all the same', async () => {
  await using volume = new TestVolume();
  const path = join(volume.source, 'a');
  // The data ends with the first pack, beside which the entry's end with its long attribute finds no room.
  const before = randomBytes(8_385_919);
  writeFileSync(path, before);
  execFileSync('setfattr', ['-n', 'user.long', '-v', 'x'.repeat(3900), path]);
  volume.store.fault = (request, response) => {
    const isSecond = request.url?.endsWith('1') === true;
    if (isSecond) response.writeHead(503).end();
    return isSecond;
  };
  await expect(volume.copy({ prefix: 'first', index: true })).rejects.toMatchObject({ reason: 'StoreUnreachable' });
  volume.store.fault = undefined;
  expect(await volume.store.keys()).toEqual(['first/packs/00000000']);
  const more = randomBytes(5 * BLOCK);
  appendFileSync(path, more);
  const { digest } = await volume.copy({ prefix: 'first', index: true });
  await volume.restore({ prefix: 'first' });
  expect(readFileSync(join(volume.destination, 'a')).equals(Buffer.concat([before, more]))).toBe(true);
  // What was appended moves on to the grid.
  const changed = Buffer.concat([before, Buffer.alloc(BLOCK - (before.length % BLOCK)), more]);
  writeFileSync(path, changed);
  const base = { prefix: 'first', volumeId: 'shop/data', key: volume.key };
  expect(await volume.copy({ base })).toMatchObject({ base: digest });
  await volume.restore({ holds: digest });
  expect(readFileSync(join(volume.destination, 'a')).equals(changed)).toBe(true);
});
