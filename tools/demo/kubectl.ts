import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../infra/home.ts';

/** Runs kubectl on one cluster, with `input` on its stdin. @returns what it wrote to stdout; throws with what it wrote to stderr. */
export type Kubectl = (args: readonly string[], input?: string) => Promise<string>;

/** A cluster of the test bed. */
export type TestbedCluster = 'source' | 'dest';

export const TESTBED = join(repository, 'testbed/testbed');
const STATE = process.env.GODWIT_TESTBED_STATE ?? '/var/lib/godwit-testbed';

/** Of the pair of clusters that this process works with: GODWIT_TESTBED_PAIR, see testbed/README.md. */
export function kubeconfigPath(cluster: TestbedCluster): string {
  const pair = process.env.GODWIT_TESTBED_PAIR || '1';
  return join(STATE, pair === '1' ? '' : `pair-${pair}`, cluster, 'kubeconfig');
}

export function readKubeconfig(cluster: TestbedCluster): string {
  return readFileSync(kubeconfigPath(cluster), 'utf8');
}

/** Runs a command of the test bed. @returns its stdout; throws with its stderr when it fails or `signal` is aborted. */
export function runTestbed(
  args: readonly string[],
  { input = '', signal }: { input?: string; signal?: AbortSignal } = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    // A session of its own: Ctrl-C in the terminal must not break what still has to be cleaned up.
    // Its environment by name: in a test, Jest's process is not the one whose environment a child has else.
    const child = spawn('bash', [TESTBED, ...args], { detached: true, signal, env: process.env });
    const stdout: Buffer[] = [];
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.once('error', reject);
    child.once('close', (code, ending) => {
      if (code === 0) resolve(Buffer.concat(stdout).toString('utf8'));
      else reject(new Error(`testbed ${args.join(' ')} failed (${ending ?? code}): ${stderr.trim()}`));
    });
    child.stdin.on('error', () => undefined); // It ended before it read all; its exit code says why.
    child.stdin.end(input);
  });
}

/** @returns kubectl, as an admin, on a cluster of the test bed. */
export function kubectlOn(cluster: TestbedCluster, signal?: AbortSignal): Kubectl {
  return (args, input) => runTestbed(['kubectl', cluster, ...args], { input, signal });
}
