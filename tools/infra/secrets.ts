import { randomBytes } from 'node:crypto';
import { chmodSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

/**
 * @returns the contents of a file that only its owner may read; made by `create` when it is not there yet.
 * Of two processes that come first at once both get the same contents: the file appears whole or not at all.
 */
export function ensureSecretFile(path: string, create: () => string): string {
  try {
    chmodSync(path, 0o600);
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  writeFileSync(draft, create(), { mode: 0o600 });
  try {
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  return readFileSync(path, 'utf8');
}

/** @returns a random word of letters and digits that needs no quoting in URLs, shells or configuration files. */
export function randomWord(length: number): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz012345';
  // 58 letters: values from 232 up would favour the first ones, so they are drawn again.
  let word = '';
  while (word.length < length)
    for (const byte of randomBytes(length)) if (byte < 232 && word.length < length) word += alphabet[byte % 58];
  return word;
}
