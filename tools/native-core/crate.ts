import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The Rust crate of the volume archive. */
export const crate = resolve(import.meta.dirname, '../../libs/volume-archive/native');

/** The built core, where `libs/volume-archive/src/native.ts` and the bundle of the mover look for it. */
export const nativeCore = join(crate, 'godwit-native.node');

/** Digest of the sources that it was built from. */
export const nativeCoreStamp = `${nativeCore}.inputs`;

const SOURCES = ['*.toml', 'Cargo.lock', 'build.rs', '{src,tests,benches}/**/*.rs', 'testdata/**/*.*'];

/** @returns the files that decide what is built and tested, by their paths in the crate. */
export function listSources(): string[] {
  return globSync(SOURCES, { cwd: crate }).sort();
}

/** @returns a digest over the names and contents of the sources */
export function digestSources(): string {
  const hash = createHash('sha256');
  for (const path of listSources()) {
    const content = readFileSync(join(crate, path));
    hash.update(`${path}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

/** @returns whether there is a core, and whether it is the one of the sources as they are now. */
export function nativeCoreState(): 'missing' | 'stale' | 'current' {
  if (!existsSync(nativeCore) || !existsSync(nativeCoreStamp)) return 'missing';
  return readFileSync(nativeCoreStamp, 'utf8') === digestSources() ? 'current' : 'stale';
}
