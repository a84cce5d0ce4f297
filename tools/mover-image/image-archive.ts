import { createHash } from 'node:crypto';
import { chmodSync, createReadStream, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { runCommand } from '../processes/run-command.ts';

export interface ImageOptions {
  tag: string;
  entrypoint: string[];
  env: string[];
}

/** Without times, owners and the order of a file system, equal content makes equal bytes. */
const REPRODUCIBLE = ['--format=ustar', '--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner'];
const EPOCH = '1970-01-01T00:00:00Z';

/**
 * Writes an image as `docker save` does.
 * @param work a directory for what lies between
 * @param layers directories, lowest first
 */
export async function writeImageArchive(
  archive: string,
  work: string,
  layers: readonly string[],
  options: ImageOptions,
): Promise<void> {
  const image = join(work, 'image');
  mkdirSync(image);
  const digests: string[] = [];
  for (const layer of layers) {
    chmodSync(layer, 0o755);
    const tar = `${layer}.tar`;
    await runCommand('tar', ['--create', ...REPRODUCIBLE, '--file', tar, '--directory', layer, '.']);
    const digest = await digestFile(tar);
    renameSync(tar, join(image, `${digest}.tar`));
    digests.push(digest);
  }
  const config = JSON.stringify({
    architecture: 'amd64',
    os: 'linux',
    created: EPOCH,
    config: { Entrypoint: options.entrypoint, WorkingDir: '/', User: '0:0', Env: options.env },
    rootfs: { type: 'layers', diff_ids: digests.map((digest) => `sha256:${digest}`) },
    history: digests.map(() => ({ created: EPOCH, created_by: 'godwit tools/mover-image.ts' })),
  });
  const configName = `${createHash('sha256').update(config).digest('hex')}.json`;
  writeFileSync(join(image, configName), config);
  const manifest = [{ Config: configName, RepoTags: [options.tag], Layers: digests.map((digest) => `${digest}.tar`) }];
  writeFileSync(join(image, 'manifest.json'), JSON.stringify(manifest));
  const names = ['manifest.json', configName, ...manifest.flatMap(({ Layers }) => Layers)];
  await runCommand('tar', ['--create', ...REPRODUCIBLE, '--mode=0644', '--file', archive, '--directory', image, ...names]);
}

async function digestFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
