import { join } from 'node:path';
import { runVisibly } from '../cli/run-visibly.ts';
import { repository } from '../infra/home.ts';
import { runCommand } from '../processes/run-command.ts';

const TESTBED = join(repository, 'testbed/testbed');
const CLUSTERS = ['source', 'dest'];

/**
 * Brings the two test clusters up, runs `work`, and takes them down again unless one was up before.
 * Throws when this machine cannot run them: end-to-end tests are never skipped.
 */
export async function withTestbed<T>(work: () => Promise<T>): Promise<T> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    throw new Error(
      'The end-to-end tests run two real Kubernetes clusters, which needs Linux and root: run them with sudo, or in a VM.',
    );
  }
  const wereUp = /: running/.test(await runCommand('bash', [TESTBED, 'status']));
  try {
    if ((await runVisibly('bash', [TESTBED, 'up', ...CLUSTERS])) !== 0)
      throw new Error('The test clusters did not come up: see above.');
    return await work();
  } finally {
    if (!wereUp) await runVisibly('bash', [TESTBED, 'down', ...CLUSTERS]);
  }
}
