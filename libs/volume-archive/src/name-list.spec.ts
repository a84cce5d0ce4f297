import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { NameList } from './name-list.ts';

function listOf(names: readonly Buffer[]): string[] {
  const directory = mkdtempSync(join(tmpdir(), 'godwit-names-'));
  try {
    for (const name of names) writeFileSync(Buffer.concat([Buffer.from(`${directory}/`), name]), '');
    const list = new NameList(directory);
    expect(list.at(list.length)).toBeUndefined();
    return Array.from({ length: list.length }, (_, index) => list.at(index) ?? '');
  } finally {
    rmSync(directory, { recursive: true });
  }
}

test('names come in byte order, whatever bytes they are', () => {
  const names = ['b', 'a', 'ab', 'a-', 'a.', '\xff', '\x80\x80', '\x01', 'Z', 'é'.repeat(50)].map((name) =>
    Buffer.from(name, 'latin1'),
  );
  expect(listOf(names)).toEqual(names.map((name) => name.toString('latin1')).sort());
});

test('an empty directory has none, and a large one all', () => {
  expect(listOf([])).toEqual([]);
  const many = Array.from({ length: 3000 }, (_, index) => `a-name-of-some-length-${index}`);
  expect(listOf(many.map((name) => Buffer.from(name)))).toEqual(many.sort());
});
