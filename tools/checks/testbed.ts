import { runVisibly } from '../cli/run-visibly.ts';
import { TESTBED } from '../demo/kubectl.ts';
import { runCommand } from '../processes/run-command.ts';

const CLUSTERS = ['source', 'dest'];

/**
 * Brings up this many pairs of test clusters, runs `work`, and takes them down again, but for those that were up before.
 * Throws when this machine cannot run them: end-to-end tests are never skipped.
 */
export async function withTestbed<T>(pairs: number, work: () => Promise<T>): Promise<T> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    throw new Error(
      'The end-to-end tests run real Kubernetes clusters, which needs Linux and root: run them with sudo, or in a VM.',
    );
  }
  const toTakeDown: NodeJS.ProcessEnv[] = [];
  try {
    for (let pair = 1; pair <= pairs; pair++) {
      const env = { GODWIT_TESTBED_PAIR: String(pair) };
      const status = await runCommand('bash', [TESTBED, 'status'], { env: { ...process.env, ...env } });
      if (!/: (running|adopted)/.test(status)) toTakeDown.push(env);
      if ((await runVisibly('bash', [TESTBED, 'up', ...CLUSTERS], env)) !== 0)
        throw new Error('The test clusters did not come up: see above.');
    }
    return await work();
  } finally {
    for (const env of toTakeDown) await runVisibly('bash', [TESTBED, 'down', ...CLUSTERS], env);
  }
}
