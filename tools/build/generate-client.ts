import { join } from 'node:path';
import { repository } from '../infra/home.ts';
import { runCommand } from '../processes/run-command.ts';
import { generateCode } from './generate-code.ts';

/**
 * Writes the types of the API's client for the web app (apps/web/src/api/generated), out of the description that job-service
 * gives of its routes, unless they are current. No service needs to run. Throws, with what was said, when job-service cannot be built.
 */
export async function generateClient(): Promise<void> {
  await generateCode();
  const nx = join(repository, 'node_modules/nx/dist/bin/nx.js');
  // The daemon would outlive us, and the terminal interface is for a person at a keyboard.
  const env = { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false' };
  await runCommand(process.execPath, [nx, 'run', '@godwit/web:generate-client', '--output-style=static'], {
    cwd: repository,
    env,
  });
}
