import { existsSync, rmSync } from 'node:fs';
import { ensureDirectory } from '../../tools/infra/home.ts';
import { inCache, installInCache } from '../../tools/infra/install-in-cache.ts';
import { runCommand } from '../../tools/processes/run-command.ts';
import type { CaseName, SetName } from '../options.ts';
import { program } from './programs.ts';

/** Raised when what `dataset` makes is no longer the same. */
const GENERATION = 1;

/** @returns the directory of all sets, on a disk */
export function dataDirectory(): string {
  return ensureDirectory(inCache('bench-data'));
}

/** @returns the directory of a set, which is made once for each scale and kept in the cache. */
export async function ensureDataSet(set: SetName | CaseName, scale: number): Promise<string> {
  const name = `bench-data/${set}-${scale}-v${GENERATION}`;
  if (existsSync(inCache(name))) return inCache(name);
  const base = set === 'db2' ? ['-base', await ensureDataSet('db', scale)] : [];
  console.log(`making the data of ${set} at scale ${scale}, once`);
  dataDirectory();
  return installInCache(name, (draft) => {
    // Gigabytes must not stay behind when we are interrupted.
    process.once('exit', () => rmSync(draft, { recursive: true, force: true }));
    const dataset = [program('dataset'), '-set', set, '-scale', String(scale), '-directory', draft, ...base];
    return runCommand('setpriv', ['--pdeathsig', 'KILL', '--', ...dataset]);
  });
}

export interface DataSize {
  /** Entries that are not directories. */
  files: number;
  /** As their sizes say, holes included; each file once. */
  bytes: number;
}

/** Reads all of a set, so that it is in the page cache. */
export async function readDataSet(directory: string): Promise<void> {
  await runCommand('sh', ['-c', 'find . -type f -print0 | xargs -0 -r cat >/dev/null'], { cwd: directory });
}

/** @returns how much a set is */
export async function measureDataSet(directory: string): Promise<DataSize> {
  const count = `find . ! -type d -printf '%i %s\\n' | awk '!seen[$1]++ { bytes += $2; files++ } END { printf "%d %.0f", files, bytes }'`;
  const [files, bytes] = (await runCommand('sh', ['-c', count], { cwd: directory })).split(' ').map(Number);
  return { files: files!, bytes: bytes! };
}
