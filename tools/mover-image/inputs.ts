import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../infra/home.ts';

/** All that decides what the image holds. The lock file stands for node and every dependency. */
const PATTERNS = [
  'apps/mover/{src/**/*.ts,rolldown.config.mjs,package.json}',
  'libs/{contracts,object-store,volume-archive}/{src/**/*.ts,package.json}',
  'libs/volume-archive/native/godwit-native.node',
  'package-lock.json',
  'tools/mover-image/*.ts',
];
const isTest = (path: string) => /\.(spec|integration)\.ts$|\/testing\//.test(path);

/** @returns a digest over the inputs' names and contents */
export function hashInputs(): string {
  const hash = createHash('sha256');
  for (const path of globSync(PATTERNS, { cwd: repository }).sort()) {
    if (isTest(path)) continue;
    const content = readFileSync(join(repository, path));
    hash.update(`${path}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}
