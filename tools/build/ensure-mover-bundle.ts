import { join } from 'node:path';
import { repository } from '../infra/home.ts';
import { runCommand } from '../processes/run-command.ts';

/** Bundles the mover, and builds the native core that lies beside it, where they are not up to date. @returns the bundle's path */
export async function ensureMoverBundle(): Promise<string> {
  const nx = join(repository, 'node_modules/nx/dist/bin/nx.js');
  const env = { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false' };
  await runCommand(process.execPath, [nx, 'run', '@godwit/mover:bundle'], { cwd: repository, env });
  return join(repository, 'apps/mover/dist/mover.mjs');
}
