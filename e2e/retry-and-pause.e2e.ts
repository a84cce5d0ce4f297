import type { AppHookView, RunSummary, RunView } from '@godwit/contracts/api';
import { GODWIT_NAMESPACE, MANAGED_BY, MANAGED_BY_LABEL } from '@godwit/contracts/labels';
import { isFinished, type StepName } from '@godwit/contracts/run';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { listBucketObjects } from '../tools/demo/bucket.ts';
import type { TestCluster } from './support/cluster.ts';
import { Harness } from './support/harness.ts';
import { claim, configMap, deployment, namespace } from './support/manifests.ts';
import { quota, REFUSAL, refusal } from './support/obstacles.ts';
import { until, untilDone } from './support/until.ts';

jest.setTimeout(600_000);

const SOURCE = 'e2e-retry';
/** Of snapshots; it works or not as the test likes. */
const CLASS = 'e2e-retry';
const DRIVER = 'dir.csi.testbed';
const MEGABYTES = 44;
const SPEED = 2;
/** A mover that goes on for the time of a lease, and until its service is there again, still has something to do. */
const SLOWEST = 1;
const REACTION_MS = 2_000;
/** A machine that was busy for once may try again. */
const ATTEMPTS = 3;
const LISTING = 'cd /data; md5sum big small';
const SUFFIXES = ['mended', 'given-up', 'paused', 'hook', 'snapshot', 'copy', 'apply', 'verify', 'while-paused'];

let harness: Harness;

beforeAll(async () => {
  harness = await Harness.start({ name: 'retry-and-pause', env: { VERIFY_READY_TIMEOUT_SECONDS: '20' } });
  await deleteAll();
  await harness.source.apply(
    namespace(SOURCE),
    configMap(SOURCE, 'settings', { a: 'b' }),
    claim(SOURCE, 'data'),
    deployment(SOURCE, 'web', ['data'], readyWithFile()),
    snapshotClass({ fail: 'the array is on fire' }),
  );
  const fill = `touch /tmp/ready; head -c ${MEGABYTES}000000 /dev/urandom >/data/big; echo hello >/data/small`;
  // It is not ready before: nothing else tells that its pod runs.
  await untilDone(() => harness.source.exec(SOURCE, 'deploy/web', fill));
  await harness.source.ready(SOURCE, 'deployment/web');
});

afterAll(async () => {
  if (!harness) return;
  await endRuns();
  await deleteAll();
  await harness.stop();
});

/** What a test that failed left on its way keeps what it has in both clusters. */
async function endRuns(): Promise<void> {
  const { items } = await harness.api.call<{ items: RunSummary[] }>('GET', '/runs');
  for (const { id } of items.filter(({ phase }) => !isFinished(phase))) {
    await harness.api.cancel(id);
    await harness.api.finished(id);
  }
}

async function deleteAll(): Promise<void> {
  for (const cluster of [harness.source, harness.dest]) await removeQuota(cluster, '--ignore-not-found');
  await harness.source.kubectl('delete', 'volumesnapshotclass', CLASS, '--ignore-not-found');
  await harness.dest.kubectl('delete', REFUSAL, CLASS, '--ignore-not-found');
  await Promise.all([
    harness.source.deleteNamespaces(SOURCE),
    harness.dest.deleteNamespaces(...SUFFIXES.map((suffix) => `${SOURCE}-${suffix}`)),
  ]);
}

/** The container is ready once somebody has made a file in it. */
function readyWithFile() {
  const { containers } = deployment(SOURCE, 'web', ['data']).spec.template.spec;
  const readinessProbe = { exec: { command: ['test', '-e', '/tmp/ready'] }, periodSeconds: 1 };
  return { containers: containers.map((container) => ({ ...container, readinessProbe })) };
}

function snapshotClass(parameters?: object) {
  return {
    apiVersion: 'snapshot.storage.k8s.io/v1',
    kind: 'VolumeSnapshotClass',
    metadata: { name: CLASS },
    driver: DRIVER,
    deletionPolicy: 'Delete',
    ...(parameters ? { parameters } : {}),
  };
}

interface Options {
  copy?: object;
  selection?: object;
  transforms?: object;
  hooks?: object;
  holdMinutes?: number;
}

function definition(suffix: string, { copy, selection, transforms, hooks, holdMinutes = 0 }: Options) {
  return {
    ...harness.definition(suffix, {
      selection: { scope: 'Namespaces', namespaces: [SOURCE], ...selection },
      copy: { snapshotClasses: { [DRIVER]: 'standard' }, ...copy },
      transforms: { renameNamespaces: { suffix: `-${suffix}` }, ...transforms },
      onFailure: { holdMinutes },
    }),
    hooks,
  };
}

async function hook(name: string, type: 'Pre' | 'Post', script: string): Promise<object[]> {
  const saved = { name, type, labels: 'app:web', command: ['sh', '-c', script], timeoutSeconds: 100 };
  return [{ hookId: (await harness.api.call<AppHookView>('POST', '/app-hooks', saved)).id }];
}

const ask = (id: string, what: 'retry' | 'pause' | 'resume') => harness.api.call('POST', `/runs/${id}/${what}`);
const held = (id: string) => harness.api.until(id, ({ phase, retryRequestedAt }) => phase === 'Held' && !retryRequestedAt);
const running = (name: StepName) => (run: RunView) => run.steps.some((step) => step.name === name && step.state === 'Running');
const copied = (bytes: number) => (run: RunView) => run.volumes.some(({ copy }) => (copy?.bytesDone ?? 0) > bytes);
const stateOf = (run: RunView, name: StepName) => run.steps.find((step) => step.name === name)?.state;
const movers = async (id: string) => {
  const selector = ['-n', GODWIT_NAMESPACE, '-l', `godwit.io/run=${id}`];
  return (await Promise.all([harness.source, harness.dest].map((cluster) => cluster.list('pods,secrets', ...selector)))).flat();
};
/** Once its controller has looked at it, a quota says what is exceeded. */
async function forbid(cluster: TestCluster, what: 'pods' | 'persistentvolumeclaims'): Promise<void> {
  await cluster.apply(quota(GODWIT_NAMESPACE, { [what]: '0' }));
  const isSeen = ['--for=jsonpath={.status.hard}', '--timeout=60s'];
  await cluster.kubectl('wait', 'resourcequota/e2e-none', '-n', GODWIT_NAMESPACE, ...isSeen);
}
const removeQuota = (cluster: TestCluster, ...flags: string[]) =>
  cluster.kubectl('delete', 'resourcequota', 'e2e-none', '-n', GODWIT_NAMESPACE, ...flags);

test('one run fails in one step after the other, and goes on from each when its obstacle is gone', async () => {
  const target = `${SOURCE}-mended`;
  const [{ source, dest, api }, order] = [harness, () => harness.source.exec(SOURCE, 'deploy/web', 'cat /tmp/order')];
  await dest.apply(...refusal(CLASS, target, 'settings'));
  await dest.apply(namespace(GODWIT_NAMESPACE, { [MANAGED_BY_LABEL]: MANAGED_BY }));
  await forbid(dest, 'persistentvolumeclaims');
  const id = await harness.start(
    definition('mended', {
      holdMinutes: 60,
      copy: { snapshotClasses: { [DRIVER]: CLASS }, snapshotTimeoutSeconds: 15 },
      hooks: {
        sourcePre: await hook('freeze', 'Pre', 'echo frozen >>/tmp/order; test -e /tmp/may'),
        sourcePost: await hook('free', 'Post', 'echo freed >>/tmp/order'),
      },
    }),
  );

  expect((await held(id)).error).toMatchObject({ reason: 'HookFailed' });
  await source.exec(SOURCE, 'deploy/web', 'touch /tmp/may');
  await ask(id, 'retry');

  expect((await held(id)).error).toMatchObject({ reason: 'SnapshotTimeout', message: expect.stringContaining('on fire') });
  await source.kubectl('delete', 'volumesnapshotclass', CLASS);
  await source.apply(snapshotClass());
  await forbid(source, 'pods');
  await ask(id, 'retry');

  // Its restore, which begins beside it, may be refused first.
  expect((await held(id)).error?.message).toMatch(/exceeded quota/);
  await api.until(id, ({ steps }) =>
    steps.some(({ name, error }) => name === 'copy-volume' && /exceeded quota.*pods/.test(error?.message ?? '')),
  );
  await until('nothing is left of movers', async () => (await movers(id)).length === 0);
  await api.until(id, (run) => stateOf(run, 'post-hooks') === 'Succeeded');
  // Frozen and given free once for each time that snapshots were wanted, and not for the copy.
  expect(await order()).toBe('frozen\nfreed\n'.repeat(3));
  for (const service of ['job-service', 'data-mover-service', 'snapshot-service', 'restore-service'])
    harness.stack.kill(service, 'SIGKILL');
  await held(id);
  await removeQuota(source);
  await ask(id, 'retry');

  const third = await held(id);
  expect(third.error?.message).toMatch(/exceeded quota.*persistentvolumeclaims/);
  expect(third.steps.find(({ name }) => name === 'snapshot-volume')).toMatchObject({ state: 'Succeeded' });
  await removeQuota(dest);
  await ask(id, 'retry');

  const last = await held(id);
  expect(last.error).toMatchObject({ reason: 'VerifyFailed' });
  expect(last.error?.message).toContain(`ConfigMap ${target}/settings`);
  expect(last.error?.message).toContain(`Deployment ${target}/web`);
  await dest.kubectl('delete', REFUSAL, CLASS);
  const isTaken = () => dest.kubectl('create', 'configmap', 'settings', '-n', target, '--dry-run=server').then(() => true);
  await until('the policy is gone', () => isTaken().catch(() => false));
  await untilDone(() => dest.exec(target, 'deploy/web', 'touch /tmp/ready'));
  await ask(id, 'retry');

  const run = await api.finished(id);
  if (run.phase !== 'Succeeded') throw new Error(await api.story(id));
  expect(run.error).toBeUndefined();
  expect((await api.objects(id)).filter(({ outcome }) => outcome !== 'Created')).toEqual([]);
  expect(await dest.exec(target, 'deploy/web', LISTING)).toBe(await source.exec(SOURCE, 'deploy/web', LISTING));
  expect(await order()).toBe('frozen\nfreed\n'.repeat(3));
  // What was done was not done again.
  const lines = await api.log(id);
  for (const begins of ['Captured', 'Cut a snapshot', 'Copied', 'Restored'])
    expect([begins, lines.filter(({ message }) => message.startsWith(begins)).length]).toEqual([begins, 1]);
  expect(lines.filter(({ message }) => message.startsWith('The run failed and is held'))).toHaveLength(5);
  expect(await harness.leftovers(id)).toEqual([]);
});

test('what a held run cannot go on without is told, and giving it up leaves nothing', async () => {
  const { source } = harness;
  await source.apply(namespace(GODWIT_NAMESPACE, { [MANAGED_BY_LABEL]: MANAGED_BY }));
  await forbid(source, 'pods');
  const id = await harness.start(definition('given-up', { holdMinutes: 60 }));
  await held(id);
  await source.kubectl('delete', 'persistentvolumeclaims', '-n', GODWIT_NAMESPACE, '-l', `godwit.io/run=${id}`);
  await removeQuota(source);
  await ask(id, 'retry');
  const { error } = await held(id);
  expect(error).toMatchObject({ kind: 'fatal', reason: 'ExposureLost', subject: { cluster: 'source' } });
  await harness.api.cancel(id);
  const run = await harness.api.finished(id);
  expect(run).toMatchObject({ phase: 'Failed', error: { reason: 'ExposureLost' } });
  expect(await harness.leftovers(id)).toEqual([]);
});

test('a run that is paused moves nothing, though its worker died; resumed, it sends nothing twice', async () => {
  const { api, dest, source, stack } = harness;
  const options = { copy: { concurrentStreams: 1, maxSpeedPerStreamMBps: SLOWEST }, transforms: alwaysReady() };
  const id = await harness.start(definition('paused', options));
  await until('a pack is stored', async () => (await packsOf(id)).length > 0);
  stack.kill('data-mover-service', 'SIGKILL');
  await ask(id, 'pause');
  await until('movers are gone', async () => (await movers(id)).length === 0);
  const paused = await api.until(id, (run) => run.steps.every(({ state }) => state !== 'Running'), 60_000);
  expect(paused).toMatchObject({ phase: 'Running', pausedAt: expect.any(String) });
  expect([stateOf(paused, 'copy-volume'), stateOf(paused, 'restore-volume')]).toEqual(['Ready', 'Ready']);
  const before = await packsOf(id);
  await ask(id, 'resume');

  let after = before;
  await until('more packs are stored', async () => {
    after = await packsOf(id);
    return after.length > before.length;
  });
  expect(after).toEqual(expect.arrayContaining(before));
  const run = await api.finished(id);
  if (run.phase !== 'Succeeded') throw new Error(await api.story(id));
  const story = await api.log(id);
  expect(story.filter(({ message }) => /^The run is (paused|resumed)/.test(message))).toHaveLength(2);
  await dest.ready(`${SOURCE}-paused`, 'deployment/web');
  expect(await dest.exec(`${SOURCE}-paused`, 'deploy/web', LISTING)).toBe(await source.exec(SOURCE, 'deploy/web', LISTING));
  expect(await harness.leftovers(id)).toEqual([]);
});

/** Packs in the bucket, with the time when each was written. */
async function packsOf(id: string) {
  const objects = await listBucketObjects(harness.infrastructure.s3);
  return objects.filter(({ key }) => key.includes(id) && key.includes('/packs/'));
}

/** The workload is ready on the destination without anybody's help. */
function alwaysReady() {
  const path = '/spec/template/spec/containers/0/readinessProbe';
  return { resourceModifiers: [{ match: { resourceTypes: ['deployments'] }, jsonPatch: [{ op: 'remove', path }] }] };
}

/** Cancels a run that has come there: its steps stop in time, and nothing is left. */
async function cancelled(suffix: string, options: Options, isThere: (run: RunView) => boolean, ...names: StepName[]) {
  const migration = await harness.api.createMigration(definition(suffix, options));
  let slowest = Number.POSITIVE_INFINITY;
  for (let attempt = 1; attempt <= ATTEMPTS && slowest >= REACTION_MS; attempt += 1)
    slowest = await slowestReaction(migration.id, isThere, names);
  expect(slowest).toBeLessThan(REACTION_MS);
}

/** @returns how long the slowest of these steps took to stop, in milliseconds */
async function slowestReaction(migrationId: string, isThere: (run: RunView) => boolean, names: StepName[]): Promise<number> {
  const { api } = harness;
  const { id } = await api.startRun(migrationId);
  await api.until(id, isThere);
  await api.cancel(id);
  const run = await api.finished(id);
  const reactions = run.steps
    .filter(({ name }) => names.includes(name))
    .map(({ state, finishedAt }) => ({ state, ms: Date.parse(finishedAt!) - Date.parse(run.cancelRequestedAt!) }));
  expect(run.phase).toBe('Cancelled');
  expect(reactions.map(({ state }) => state)).toEqual(names.map(() => 'Cancelled'));
  expect(await harness.leftovers(id)).toEqual([]);
  return Math.max(...reactions.map(({ ms }) => ms));
}

const WITHOUT_VOLUMES = { selection: { resourceTypes: ['configmaps', 'deployments'], includeDependencies: false } };

test('a run that is cancelled stops within two seconds, whatever it is at, and leaves nothing', async () => {
  const { dest } = harness;
  const sleeps = { sourcePre: await hook('sleeps', 'Pre', 'sleep 90') };
  await cancelled('hook', { hooks: sleeps }, running('pre-hooks'), 'pre-hooks');
  const slowSnapshot = { copy: { snapshotClasses: { [DRIVER]: 'slow' } } };
  await cancelled('snapshot', slowSnapshot, running('snapshot-volume'), 'snapshot-volume');
  const slow = { copy: { maxSpeedPerStreamMBps: SPEED } };
  const both = (run: RunView) => copied(1)(run) && running('restore-volume')(run);
  await cancelled('copy', slow, both, 'copy-volume', 'restore-volume');

  const pausedThere = async () => {
    const id = await harness.start(definition('while-paused', slow));
    await harness.api.until(id, both);
    await ask(id, 'pause');
    await until('movers are gone', async () => (await movers(id)).length === 0);
    await harness.api.cancel(id);
    expect(await harness.api.finished(id)).toMatchObject({ phase: 'Cancelled' });
    expect(await harness.leftovers(id)).toEqual([]);
  };
  await pausedThere();

  // An object of that name that is being deleted, and does not go, is waited for.
  const ns = `${SOURCE}-apply`;
  const settings = configMap(ns, 'settings', {});
  await dest.apply(namespace(ns), { ...settings, metadata: { ...settings.metadata, finalizers: ['example.com/hold'] } });
  await dest.kubectl('delete', 'configmap', 'settings', '-n', ns, '--wait=false');
  try {
    await cancelled('apply', WITHOUT_VOLUMES, running('apply-resources'), 'apply-resources');
  } finally {
    await dest.kubectl('patch', 'configmap', 'settings', '-n', ns, '--type=merge', '-p', '{"metadata":{"finalizers":null}}');
  }
  await cancelled('verify', {}, running('verify'), 'verify');
});
