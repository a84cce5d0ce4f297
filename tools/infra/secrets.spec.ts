import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ensureSecretFile, randomWord } from './secrets.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'godwit-secrets-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

test('a secret is made once, stays, and is for its owner alone', () => {
  const path = join(directory, 'key');
  expect(ensureSecretFile(path, () => 'first')).toBe('first');
  chmodSync(path, 0o644);
  expect(ensureSecretFile(path, () => 'second')).toBe('first');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(directory)).toEqual(['key']);
});

test('of two that make it at once, the first wins and both get the same', () => {
  const path = join(directory, 'key');
  const late = ensureSecretFile(path, () => {
    ensureSecretFile(path, () => 'first');
    return 'late';
  });
  expect(late).toBe('first');
});

test('words need no quoting and differ', () => {
  const words = Array.from({ length: 50 }, () => randomWord(40));
  expect(words.every((word) => /^[A-Za-z0-5]{40}$/.test(word))).toBe(true);
  expect(new Set(words).size).toBe(50);
});
