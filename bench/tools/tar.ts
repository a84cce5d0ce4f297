import { join } from 'node:path';
import { runCommand } from '../../tools/processes/run-command.ts';
import { parseVersion, showVersion } from '../../tools/toolchains/version.ts';
import { ensurePeerBinary } from './peer-binary.ts';
import { REMOTE, rcloneEnvironment } from './rclone.ts';
import type { Tool } from './tool.ts';

const OBJECT = `${REMOTE}/data.tar.zst`;

/** What a person would do by hand: tar | zstd -1 | an S3 client that takes a stream. */
export async function openTar(): Promise<Tool> {
  const { path: rclone, version } = await ensurePeerBinary('rclone');
  const [tar, zstd] = await Promise.all(['tar', 'zstd'].map(versionOf));
  return {
    name: 'tar',
    description: `GNU tar ${tar} | zstd ${zstd} -1 | rclone ${version} \`rcat\`, back with \`rclone cat\``,
    open(workspace) {
      const env = rcloneEnvironment(workspace);
      const log = (name: string) => join(workspace.directory, `${name}.log`);
      const up = (source: string) => [
        { args: ['tar', '--create', '--directory', source, '.'], log: log('tar') },
        { args: ['zstd', '-1', '--quiet', '--stdout'], log: log('zstd') },
        { args: [rclone, 'rcat', OBJECT], env, log: log('rclone') },
      ];
      const down = (target: string) => [
        { args: [rclone, 'cat', OBJECT], env, log: log('rclone') },
        { args: ['zstd', '--decompress', '--quiet', '--stdout'], log: log('zstd') },
        { args: ['tar', '--extract', '--preserve-permissions', '--directory', target], log: log('tar') },
      ];
      return { up, down, upChanged: up, downChanged: down };
    },
  };
}

async function versionOf(name: string): Promise<string> {
  const version = parseVersion(await runCommand(name, ['--version']).catch(() => ''));
  if (!version) throw new Error(`${name} is needed to compare with it: apt-get install ${name}.`);
  return showVersion(version);
}
