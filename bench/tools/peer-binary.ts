import { ensureGoProgram, type GoProgram } from '../../tools/infra/go-program.ts';

/** Programs of others, built from their published modules once into the cache. */
const PEERS = {
  restic: { module: 'github.com/restic/restic/cmd/restic', version: 'v0.19.1' },
  rclone: { module: 'github.com/rclone/rclone', version: 'v1.76.0' },
} as const satisfies Record<string, GoProgram>;

export interface PeerBinary {
  path: string;
  version: string;
}

/** @returns the program, built when it is not in the cache: some minutes */
export async function ensurePeerBinary(name: keyof typeof PEERS): Promise<PeerBinary> {
  const program = PEERS[name];
  const cure = 'Install Go 1.26 or newer, or leave it out with --tools.';
  return { path: await ensureGoProgram(program, cure, console.log), version: program.version };
}
