import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isNativeError } from 'node:util/types';
import { FatalError } from '@godwit/contracts/errors';
import type { PackStore } from '../pack-store.ts';

const isCode = (error: unknown, code: string) => isNativeError(error) && 'code' in error && error.code === code;

/** A store of objects in a directory: each key a file, each write atomic. */
export class DirectoryStore implements PackStore {
  /** Keys in the order in which they were written. */
  readonly written: string[] = [];
  readonly read: string[] = [];
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  pathOf(key: string): string {
    return join(this.#directory, key);
  }

  async put(
    key: string,
    body: Uint8Array,
    { ifAbsent = false, signal }: { ifAbsent?: boolean; signal?: AbortSignal } = {},
  ): Promise<void> {
    signal?.throwIfAborted();
    const path = this.pathOf(key);
    const draft = `${path}.${randomUUID()}.draft`;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(draft, body);
    try {
      if (ifAbsent) await link(draft, path);
      else await rename(draft, path);
    } catch (error) {
      throw isCode(error, 'EEXIST') ? new FatalError('ObjectExists', `${key} exists`) : error;
    } finally {
      await rm(draft, { force: true });
    }
    this.written.push(key);
  }

  async get(key: string, { first, signal }: { first?: number; signal?: AbortSignal } = {}): Promise<Buffer> {
    signal?.throwIfAborted();
    this.read.push(key);
    try {
      if (first === undefined) return await readFile(this.pathOf(key));
      await using file = await open(this.pathOf(key));
      const { buffer, bytesRead } = await file.read(Buffer.alloc(first), 0, first, 0);
      return buffer.subarray(0, bytesRead);
    } catch (error) {
      throw isCode(error, 'ENOENT') ? new FatalError('ObjectNotFound', `${key} does not exist`) : error;
    }
  }

  async *list(prefix: string, { startAfter = '', signal }: { startAfter?: string; signal?: AbortSignal } = {}) {
    signal?.throwIfAborted();
    for (const key of await this.keys(prefix)) {
      if (key <= startAfter) continue;
      const size = await this.#sizeOf(key);
      if (size !== undefined) yield { key, size };
    }
  }

  /** @returns undefined if it was deleted meanwhile */
  async #sizeOf(key: string): Promise<number | undefined> {
    try {
      return (await stat(this.pathOf(key))).size;
    } catch (error) {
      if (isCode(error, 'ENOENT')) return undefined;
      throw error;
    }
  }

  async keys(prefix = ''): Promise<string[]> {
    const entries = await readdir(this.#directory, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && !entry.name.endsWith('.draft'))
      .map((entry) => join(entry.parentPath, entry.name).slice(this.#directory.length + 1))
      .filter((key) => key.startsWith(prefix))
      .sort();
  }

  async delete(keys: readonly string[]): Promise<void> {
    for (const key of keys) await rm(this.pathOf(key), { force: true });
  }
}
