import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { loadManagedStorage } from './managed-storage.ts';

const directory = mkdtempSync(join(tmpdir(), 'managed-storage-'));
afterAll(() => rmSync(directory, { recursive: true }));

const SECRET = 'a-secret-of-the-operator';
const store = {
  provider: 'aws',
  region: 'eu-central-1',
  endpoint: 'https://s3.eu-central-1.amazonaws.com',
  bucket: 'archives',
  accessKeyId: 'an-access-key',
  secretAccessKey: SECRET,
};

function load(content: unknown) {
  const path = join(directory, 'managed-storage.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return loadManagedStorage('job-service', path);
}

test('what the operator offers is read, with defaults', () => {
  expect(loadManagedStorage('job-service', '')).toEqual([]);
  expect(load([store])).toEqual([{ ...store, prefix: '', forcePathStyle: true }]);
});

test.each([
  [
    [
      { ...store, bucket: undefined },
      { ...store, region: 'EU 1' },
    ],
    ['0.bucket: ', '1.region: '],
  ],
  [[store, { ...store, bucket: 'other' }], ['1.region: is that of entry 0']],
  [[{ ...store, prefix: 'a/../b' }], ['0.prefix: ']],
  [[{ ...store, accesKeyId: SECRET }], ['accesKeyId']],
  [store, ['the whole: ']],
  [`[${SECRET}`, ['is not JSON']],
])('what is wrong in the file is named, and no value of it: %#', (content, told) => {
  let message = '';
  try {
    load(content);
  } catch (error) {
    message = (error as Error).message;
  }
  for (const part of ['job-service cannot start', 'managed-storage.json', ...told]) expect(message).toContain(part);
  expect(message).not.toContain(SECRET);
});

test('a file that is not there', () => {
  expect(() => loadManagedStorage('job-service', join(directory, 'gone.json'))).toThrow(/gone.json\) cannot be read: ENOENT/);
});
