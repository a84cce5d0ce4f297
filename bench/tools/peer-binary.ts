import { join } from 'node:path';
import { installInCache } from '../../tools/infra/install-in-cache.ts';
import { runCommand } from '../../tools/processes/run-command.ts';

/** Programs of others, built from their published modules once into the cache. */
const PEERS = {
  restic: { module: 'github.com/restic/restic/cmd/restic', version: 'v0.19.1' },
  rclone: { module: 'github.com/rclone/rclone', version: 'v1.76.0' },
} as const;

export interface PeerBinary {
  path: string;
  version: string;
}

/** @returns the program, built when it is not in the cache: some minutes */
export async function ensurePeerBinary(name: keyof typeof PEERS): Promise<PeerBinary> {
  const { module, version } = PEERS[name];
  const directory = await installInCache(`${name}-${version}`, (draft) => {
    console.log(`building ${name} ${version}, once`);
    return runCommand('go', ['install', `${module}@${version}`], { env: { ...process.env, GOBIN: draft } });
  });
  return { path: join(directory, name), version };
}
