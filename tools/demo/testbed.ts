import { join } from 'node:path';
import { runVisibly } from '../cli/run-visibly.ts';
import { repository } from '../infra/home.ts';
import type { Cleanups } from './cleanups.ts';
import { kubeconfigPath, runTestbed, type TestbedCluster } from './kubectl.ts';
import type { Screen } from './screen.ts';

/** The host's address on the bridge of the clusters: where their pods find the S3 server. */
export const HOST_FOR_PODS = '10.200.0.1';

const CLUSTERS: readonly TestbedCluster[] = ['source', 'dest'];

/** Brings up the clusters that do not run yet; these, and only these, are taken down at the end. */
export async function ensureTestbed(screen: Screen, cleanups: Cleanups): Promise<void> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    throw new Error('two real Kubernetes clusters are run here, which needs Linux and root: run it with sudo, or in a VM');
  const status = await runTestbed(['status']);
  const missing = CLUSTERS.filter((cluster) => !new RegExp(`^${cluster}: running`, 'm').test(status));
  if (missing.length === 0) return;
  screen.detail(
    `starting ${missing.join(' and ')}; the first time, Kubernetes is built from source, which takes about ten minutes`,
  );
  cleanups.add(`taking ${missing.join(' and ')} down`, () => runTestbed(['down', ...missing]));
  const code = await runVisibly('bash', [join(repository, 'testbed/testbed'), 'up', ...missing]);
  if (code !== 0) throw new Error('the test clusters did not come up: see above');
}

/** Gives both clusters the mover's image; those of the shop come with the test bed. */
export async function loadImages(moverArchive: string, signal: AbortSignal): Promise<void> {
  await Promise.all(
    CLUSTERS.map((cluster) => {
      const postgres = join(kubeconfigPath(cluster), '../bin/postgres.tar');
      return runTestbed(['load', cluster, moverArchive, postgres], { signal });
    }),
  );
}
