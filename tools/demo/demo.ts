import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import type { RunView } from '../../libs/contracts/src/api.ts';
import { isFinished } from '../../libs/contracts/src/run.ts';
import { formatDuration } from '../../libs/pipeline/src/format-duration.ts';
import { buildAll } from '../build/build-all.ts';
import { ensureDirectory, godwitHome } from '../infra/home.ts';
import { type Infrastructure, startInfrastructure } from '../infra/start-infrastructure.ts';
import { ensureMoverImage } from '../mover-image/ensure-mover-image.ts';
import { startStack } from '../stack/start-stack.ts';
import { checkToolchains } from '../toolchains/check-toolchains.ts';
import { toolchainsForInfrastructure } from '../toolchains/needed-toolchains.ts';
import { ApiClient } from './api-client.ts';
import { Cleanups } from './cleanups.ts';
import { kubeconfigPath, kubectlOn, readKubeconfig } from './kubectl.ts';
import { observeShop, proveMigration } from './proof.ts';
import { formatBytes, RunProgress } from './run-progress.ts';
import type { Screen } from './screen.ts';
import { deployShop, fillShop, removeShop, type ShopOptions, shopNamespaces } from './shop.ts';
import { ensureTestbed, HOST_FOR_PODS, loadImages } from './testbed.ts';

export interface DemoOptions {
  screen: Screen;
  /** Leaves all running after the proof, until `asked`. */
  keep: boolean;
  /** Takes the services as they were built last. */
  noBuild: boolean;
  /** Resolves when the user wants it to end. */
  asked: Promise<void>;
  /** Aborted at the same moment. */
  signal: AbortSignal;
}

export interface DemoResult {
  /** From the request that starts the run to its success. */
  seconds: number;
  /** Objects that the run made on the destination. */
  objects: number;
  /** Content of the volumes. */
  bytes: number;
}

const SHOP: ShopOptions = { namespace: 'shop' };

/** Runs the demo and cleans up after it, whatever happens; throws with what was found not to be as it should. */
export async function runDemo(options: DemoOptions): Promise<DemoResult> {
  const { screen } = options;
  const startedAt = Date.now();
  const cleanups = new Cleanups(screen);
  try {
    const result = await demo(options, cleanups);
    if (!options.keep) await cleanups.run();
    screen.say(`\nThe whole demo took ${formatDuration(Date.now() - startedAt)}, the migration ${result.seconds} s of it.`);
    return result;
  } finally {
    await cleanups.run();
  }
}

async function demo({ screen, keep, noBuild, asked, signal }: DemoOptions, cleanups: Cleanups): Promise<DemoResult> {
  screen.heading('1. What this machine has, and what is built from the sources');
  await checkToolchains(['go', ...(await toolchainsForInfrastructure(process.env))]);
  const image = noBuild ? await ensureMoverImage() : await buildAll();
  signal.throwIfAborted();
  screen.good('all five services, the web app and the image of the mover are built');

  screen.heading('2. Two Kubernetes clusters, and Godwit');
  await ensureTestbed(screen, cleanups);
  signal.throwIfAborted();
  await loadImages(image.archive, signal);
  screen.good('the clusters "source" and "dest" run, and have the images');
  const infrastructure = await startInfrastructure({ isolated: true, s3BindAddress: HOST_FOR_PODS });
  cleanups.add('stopping Postgres, Valkey and the S3 server', () => infrastructure.stop());
  const log = join(ensureDirectory(join(godwitHome(), 'demo')), 'services.log');
  const api = await startGodwit(infrastructure, log, cleanups, signal);
  screen.good(`Godwit answers on ${api.url}; its log is ${log}`);

  screen.heading('3. A shop on the source');
  const [source, destination] = [kubectlOn('source', signal), kubectlOn('dest', signal)];
  const forget = () => Promise.all([removeShop(kubectlOn('source'), SHOP), removeShop(kubectlOn('dest'), SHOP)]);
  await forget();
  cleanups.add('removing the shop from both clusters', forget);
  await deployShop(source, SHOP);
  await fillShop(source, SHOP);
  const before = await observeShop(source, SHOP);
  screen.good(`${before.objects.size} objects in the namespaces ${shopNamespaces(SHOP).join(' and ')}`);
  screen.good(`a database with ${before.fingerprint.database.map(tableOf).join(' and ')}`);
  screen.good(`a volume with ${before.fingerprint.files.length} files, folders and links, odd ones among them`);

  screen.heading('4. The migration');
  const { run, seconds } = await migrate(api.client, infrastructure, screen, cleanups, signal);
  if (run.phase !== 'Succeeded') throw new Error(`the run ended as ${run.phase}: ${run.error?.message ?? 'see its log above'}`);

  screen.heading('5. The proof');
  const findings = await proveMigration({ source, destination, shop: SHOP, before, run, store: infrastructure.s3 });
  for (const { claim, problems } of findings) {
    if (problems.length === 0) screen.good(claim);
    else screen.bad(`not so: ${claim}`);
    for (const problem of problems.slice(0, 40)) screen.detail(problem);
    if (problems.length > 40) screen.detail(`and ${problems.length - 40} more`);
  }
  const refuted = findings.filter(({ problems }) => problems.length > 0);
  const bytes = run.volumes.reduce((sum, { copy }) => sum + (copy?.bytesDone ?? 0), 0);
  const objects = (run.objects.Created ?? 0) + (run.objects.Updated ?? 0) + (run.objects.Merged ?? 0);
  if (keep) await showAround(screen, api.url, asked);
  if (refuted.length > 0)
    throw new Error(refuted.map(({ claim, problems }) => `not so: ${claim} (${problems.length}: ${problems[0]})`).join('; '));
  screen.heading('The shop has moved');
  screen.say(`  ${objects} objects and ${formatBytes(bytes)} in ${run.volumes.length} volumes, in ${seconds} s.`);
  return { seconds, objects, bytes };
}

async function startGodwit(infrastructure: Infrastructure, logPath: string, cleanups: Cleanups, signal: AbortSignal) {
  const log = createWriteStream(logPath);
  const onLine = (service: string, line: string) => void log.write(`${service}: ${line}\n`);
  const stack = await startStack({ infrastructure, freePorts: true, onLine, signal });
  cleanups.add('stopping Godwit', async () => {
    await stack.stop();
    log.end();
  });
  return { url: stack.apiUrl, client: new ApiClient(stack.apiUrl) };
}

async function migrate(api: ApiClient, { s3 }: Infrastructure, screen: Screen, cleanups: Cleanups, signal: AbortSignal) {
  const [from, to, store] = await Promise.all([
    api.registerCluster('source', readKubeconfig('source')),
    api.registerCluster('dest', readKubeconfig('dest')),
    api.registerObjectStore('demo', s3),
  ]);
  for (const { name, status } of [from, to, store]) {
    if (status.problem) throw new Error(`${name} is ${status.state}: ${status.problem.message}`);
    screen.good(`"${name}" is registered: ${status.state}`);
  }
  const migration = await api.createMigration({
    name: 'The shop',
    sourceClusterId: from.id,
    destination: { type: 'Registered', clusterId: to.id },
    selection: { scope: 'Namespaces', namespaces: shopNamespaces(SHOP) },
    copy: { storage: { type: 'ObjectStore', objectStoreId: store.id } },
    onFailure: { holdMinutes: 0 },
  });
  const progress = new RunProgress(screen);
  const startedAt = Date.now();
  const { id } = await api.startRun(migration.id);
  cleanups.add('waiting for the run to clean up', () => endRun(api, id));
  let run: RunView;
  try {
    run = await api.follow(id, progress, signal);
  } finally {
    progress.end();
  }
  return { run, seconds: Math.round((Date.now() - startedAt) / 100) / 10 };
}

/** Of a run that is not finished: cancels it and waits, so that it leaves nothing behind. */
async function endRun(api: ApiClient, id: string): Promise<void> {
  if (isFinished((await api.run(id)).phase)) return;
  await api.cancel(id);
  await api.follow(id, { onRun: () => undefined, onLine: () => undefined }, AbortSignal.timeout(90_000));
}

function tableOf(line: string): string {
  const [table, rows] = line.split('|');
  return `${rows} ${table}`;
}

async function showAround(screen: Screen, url: string, asked: Promise<void>): Promise<void> {
  screen.heading('All is left running, until Ctrl-C');
  screen.say(`  the web app:  ${url}`);
  screen.say(`  the API:      ${url}/api/docs`);
  for (const cluster of ['source', 'dest'] as const) screen.say(`  ${cluster.padEnd(12)}  KUBECONFIG=${kubeconfigPath(cluster)}`);
  await asked;
}
