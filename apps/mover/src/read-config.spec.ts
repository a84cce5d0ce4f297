import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { readConfig } from './read-config.ts';

const home = mkdtempSync(join(tmpdir(), 'godwit-mover-config-'));
afterAll(() => {
  rmSync(home, { recursive: true });
});

const key = Buffer.alloc(32, 1).toString('base64');
const valid = {
  version: 1,
  action: 'copy',
  volume: { id: 'shop/data', mode: 'Filesystem' },
  archive: { prefix: 'runs/1/volumes/a', key },
  store: { endpoint: 'http://s3.example.com', bucket: 'archives', accessKeyId: 'access', secretAccessKey: 'top secret' },
};

function read(content: string) {
  const path = join(home, 'mover.json');
  writeFileSync(path, content);
  return readConfig(path);
}

test('a configuration gets its defaults', () => {
  expect(read(JSON.stringify(valid))).toMatchObject({
    volume: { path: '/volume' },
    stallTimeoutSeconds: 900,
    store: { forcePathStyle: true },
  });
});

test.each([
  ['no JSON', `{"secretAccessKey": "top secret", ${key}`, 'is not JSON'],
  [
    'a bucket that is none',
    JSON.stringify({ ...valid, store: { ...valid.store, bucket: 'top secret' } }),
    'store.bucket: is not a bucket name',
  ],
  ['an action that is none', JSON.stringify({ ...valid, action: 'top secret' }), 'action: '],
  ['a short key', JSON.stringify({ ...valid, archive: { prefix: 'a', key: 'AAAA' } }), 'archive.key has 3 bytes'],
  ['nothing', 'null', 'is not valid'],
])('%s is told, and nothing of the content', (_, content, message) => {
  let told = '';
  expect(() => {
    try {
      read(content);
    } catch (error) {
      told = `${(error as Error).message}${(error as Error).stack}`;
      throw error;
    }
  }).toThrow(expect.objectContaining({ reason: 'BadConfig', message: expect.stringContaining(message) }));
  expect(told).not.toContain('top secret');
  expect(told).not.toContain(key);
});

test('a file that is not there is told', () => {
  expect(() => readConfig(join(home, 'nothing'))).toThrow('ENOENT');
});
