import { chmodSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeImageArchive } from '../../mover-image/image-archive.ts';
import { linkedLibraries, makeDirectory, place, write } from '../../mover-image/stage-layers.ts';
import { runCommand } from '../../processes/run-command.ts';
import { ensureDebianPackage } from './debian-package.ts';

/** An image that stands in for the one that an application was released with. */
export interface ApplicationImage {
  tag: string;
  entrypoint: string[];
  /** Path in the image -> file. What they are linked to comes along. */
  programs: Record<string, string>;
  /** Path in the image -> directory, with all that is in it. */
  directories?: Record<string, string>;
}

/** Builds an image of busybox and the programs, hands its archive (as `docker save` writes it) to `use`, and takes it away again. */
export async function withImage(image: ApplicationImage, use: (archive: string) => Promise<unknown>): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), 'godwit-image-'));
  try {
    const [system, application] = [join(work, 'system'), join(work, 'application')];
    for (const layer of [system, application]) mkdirSync(layer);
    await stageSystem(system);
    await stageApplication(application, image);
    const archive = join(work, 'image.tar');
    const { tag, entrypoint } = image;
    await writeImageArchive(archive, work, [system, application], { tag, entrypoint, env: ['PATH=/usr/bin:/bin'] });
    await use(archive);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function stageSystem(root: string): Promise<void> {
  const busybox = join(await ensureDebianPackage('busybox-static'), 'bin/busybox');
  place(root, '/bin/busybox', busybox, 0o755);
  const applets = (await runCommand(busybox, ['--list'])).trim().split('\n');
  for (const applet of applets) if (applet !== 'busybox') symlinkSync('busybox', join(root, 'bin', applet));
  write(root, '/etc/passwd', 'root:x:0:0:root:/:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n');
  write(root, '/etc/group', 'root:x:0:\nnogroup:x:65534:\n');
  write(root, '/etc/nsswitch.conf', 'hosts: files dns\n');
  for (const directory of ['/proc', '/sys', '/dev', '/tmp']) makeDirectory(join(root, directory));
  chmodSync(join(root, 'tmp'), 0o1777);
}

async function stageApplication(root: string, { programs, directories = {} }: ApplicationImage): Promise<void> {
  for (const [path, from] of Object.entries(programs)) {
    place(root, path, from, 0o755);
    for (const library of await librariesOf(from)) place(root, library, realpathSync(library), 0o755);
  }
  for (const [path, from] of Object.entries(directories)) placeAll(root, path, from);
}

/** Scripts and programs that are linked statically have none; ldd fails on them. */
async function librariesOf(file: string): Promise<string[]> {
  const ldd = await runCommand('ldd', [file]).catch(() => '');
  return linkedLibraries(file, ldd);
}

function placeAll(root: string, path: string, from: string): void {
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [target, source] = [join(path, entry.name), join(from, entry.name)];
    if (entry.isDirectory()) placeAll(root, target, source);
    else place(root, target, realpathSync(source), 0o644);
  }
}
