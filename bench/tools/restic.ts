import { join } from 'node:path';
import { measure } from '../lib/measure.ts';
import { ensurePeerBinary } from './peer-binary.ts';
import { BUCKET, CREDENTIALS, type Tool } from './tool.ts';

/** restic with its defaults: compression "auto", 5 connections. */
export async function openRestic(): Promise<Tool> {
  const { path, version } = await ensurePeerBinary('restic');
  return {
    name: 'restic',
    description: `restic ${version}, with its defaults; \`restic init\` is not measured`,
    open({ directory, endpoint }) {
      const env = {
        RESTIC_REPOSITORY: `s3:${endpoint}/${BUCKET}`,
        RESTIC_PASSWORD: 'bench',
        RESTIC_CACHE_DIR: join(directory, 'cache'),
        AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
        AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
        TMPDIR: directory,
      };
      const log = join(directory, 'restic.log');
      const backup = (source: string) => [{ args: [path, 'backup', '.'], cwd: source, env, log }];
      const restore = (target: string) => [{ args: [path, 'restore', 'latest', '--target', target], env, log }];
      return {
        prepare: () => measure([[{ args: [path, 'init'], env, log }]]),
        up: backup,
        down: restore,
        upChanged: backup,
        downChanged: restore,
      };
    },
  };
}
