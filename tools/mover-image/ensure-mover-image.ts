import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MOVER_IMAGE } from '../../libs/contracts/src/mover-image.ts';
import { godwitHome, repository } from '../infra/home.ts';
import { ensureNativeCore } from '../native-core/ensure-native-core.ts';
import { runCommand } from '../processes/run-command.ts';
import { writeImageArchive } from './image-archive.ts';
import { hashInputs } from './inputs.ts';
import { stageApp, stageRuntime } from './stage-layers.ts';

export interface MoverImage {
  /** Path of an archive as `docker save` writes it: for `docker load`, `ctr images import` and the like. */
  archive: string;
  tag: string;
  /** False: it was up to date. */
  built: boolean;
}

const app = join(repository, 'apps/mover');

/** Makes sure that `.godwit/mover-image.tar` holds the mover as its sources are now. The same inputs make the same bytes. */
export async function ensureMoverImage(): Promise<MoverImage> {
  const archive = join(godwitHome(), 'mover-image.tar');
  const stamp = `${archive}.inputs`;
  await ensureNativeCore();
  const inputs = hashInputs();
  if (existsSync(archive) && existsSync(stamp) && readFileSync(stamp, 'utf8') === inputs)
    return { archive, tag: MOVER_IMAGE, built: false };
  const work = mkdtempSync(join(tmpdir(), 'godwit-mover-image-'));
  try {
    const bundle = join(work, 'mover.mjs');
    const rolldown = join(repository, 'node_modules/rolldown/bin/cli.mjs');
    await runCommand(process.execPath, [rolldown, '-c', 'rolldown.config.mjs', '--file', bundle], { cwd: app });
    const layers = ['runtime', 'app'].map((name) => join(work, name));
    for (const layer of layers) mkdirSync(layer);
    await stageRuntime(join(work, 'runtime'));
    stageApp(join(work, 'app'), bundle);
    const draft = join(work, 'image.tar');
    // Two arenas: the threads that compress would else keep memory of their own that is never given back.
    const env = ['PATH=/usr/local/bin', 'NODE_ENV=production', 'MALLOC_ARENA_MAX=2'];
    await writeImageArchive(draft, work, layers, {
      tag: MOVER_IMAGE,
      entrypoint: ['/usr/local/bin/node', '/app/mover.mjs'],
      env,
    });
    await publish(draft, archive);
    writeFileSync(stamp, inputs);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return { archive, tag: MOVER_IMAGE, built: true };
}

/** Nobody ever sees half an archive, also where the work directory is on another file system. */
async function publish(draft: string, archive: string): Promise<void> {
  const beside = `${archive}.${process.pid}.draft`;
  await runCommand('cp', [draft, beside]);
  renameSync(beside, archive);
}
