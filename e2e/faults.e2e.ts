import type { RunView } from '@godwit/contracts/api';
import type { StepName } from '@godwit/contracts/run';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Harness } from './support/harness.ts';
import { claim, configMap, deployment, namespace } from './support/manifests.ts';

jest.setTimeout(400_000);

const SOURCE = 'e2e-faults';
/** Enough to be in the middle of when a service dies. */
const MEGABYTES = 24;
const SPEED = 3;
const DRIVER = 'dir.csi.testbed';
/** Of snapshots that take long enough for that, too. */
const CLASS = 'e2e-faults';

let harness: Harness;

beforeAll(async () => {
  harness = await Harness.start({ name: 'faults' });
  await deleteAll();
  await harness.source.apply(
    {
      apiVersion: 'snapshot.storage.k8s.io/v1',
      kind: 'VolumeSnapshotClass',
      metadata: { name: CLASS },
      driver: DRIVER,
      deletionPolicy: 'Delete',
      parameters: { readyDelay: '5s' },
    },
    namespace(SOURCE),
    ...Array.from({ length: 40 }, (_, n) => configMap(SOURCE, `settings-${n}`, { n: String(n) })),
    claim(SOURCE, 'data'),
    deployment(SOURCE, 'web', ['data']),
  );
  await harness.source.ready(SOURCE, 'deployment/web');
  await harness.source.exec(SOURCE, 'deploy/web', `head -c ${MEGABYTES}000000 /dev/urandom >/data/big; echo hello >/data/small`);
});

afterAll(async () => {
  if (!harness) return;
  await deleteAll();
  await harness.stop();
});

async function deleteAll(): Promise<void> {
  await harness.source.kubectl('delete', 'volumesnapshotclass', CLASS, '--ignore-not-found');
  await harness.source.deleteNamespaces(SOURCE);
}

const running = (name: StepName) => (run: RunView) => run.steps.some((step) => step.name === name && step.state === 'Running');
const copying = (run: RunView) => run.volumes.some(({ copy }) => (copy?.bytesDone ?? 0) > 0);
const LISTING = 'cd /data; md5sum big small';

function slowDefinition(name: string, suffix: string, copy: object = {}) {
  return harness.definition(name, {
    selection: { scope: 'Namespaces', namespaces: [SOURCE] },
    copy: { concurrentStreams: 1, maxSpeedPerStreamMBps: SPEED, ...copy },
    transforms: { renameNamespaces: { suffix } },
  });
}

test('each service is killed once in the middle of a run, and the run completes with nothing twice', async () => {
  const target = `${SOURCE}-killed`;
  await harness.dest.deleteNamespaces(target);
  try {
    const runId = await harness.start(slowDefinition('killed', '-killed', { snapshotClasses: { [DRIVER]: CLASS } }));
    await harness.api.until(runId, running('snapshot-volume'));
    harness.stack.kill('snapshot-service', 'SIGKILL');
    await harness.api.until(runId, copying);
    harness.stack.kill('data-mover-service', 'SIGKILL');
    harness.stack.kill('job-service', 'SIGKILL');
    harness.stack.kill('provisioner-service', 'SIGKILL');
    await harness.api.until(runId, running('apply-resources'));
    harness.stack.kill('restore-service', 'SIGKILL');

    const run = await harness.api.finished(runId);
    const story = await harness.api.story(runId);
    if (run.phase !== 'Succeeded') throw new Error(story);
    for (const { name } of harness.stack.instances) expect([name, harness.stack.restarts(name)]).toEqual([name, 1]);

    await harness.dest.ready(target, 'deployment/web');
    expect(await harness.dest.exec(target, 'deploy/web', LISTING)).toBe(await harness.source.exec(SOURCE, 'deploy/web', LISTING));
    const named = async (cluster: typeof harness.source, ns: string) =>
      (await cluster.list('configmaps,persistentvolumeclaims,deployments', '-n', ns)).map((entry) => entry.replace(ns, ''));
    expect(await named(harness.dest, target)).toEqual(await named(harness.source, SOURCE));

    // One mover each: the workers that came after found it again.
    const events = await harness.api.log(runId);
    for (const step of ['copy-volume', 'restore-volume']) {
      expect(events.filter((event) => event.step === step && /^(Copied|Restored)/.test(event.message))).toHaveLength(1);
    }
    const outcomes = await harness.api.objects(runId);
    expect(outcomes.filter(({ outcome }) => outcome !== 'Created')).toEqual([]);
    expect(await harness.leftovers(runId)).toEqual([]);
  } finally {
    await harness.dest.deleteNamespaces(target);
  }
});

test('Redis loses all it has in the middle of a run, and the run loses nothing', async () => {
  const target = `${SOURCE}-deaf`;
  await harness.dest.deleteNamespaces(target);
  try {
    const runId = await harness.start(slowDefinition('deaf', '-deaf'));
    await harness.api.until(runId, copying);
    harness.infrastructure.kill('valkey', 'SIGKILL');
    const run = await harness.api.finished(runId);
    if (run.phase !== 'Succeeded') throw new Error(await harness.api.story(runId));
    await harness.dest.ready(target, 'deployment/web');
    expect(await harness.dest.exec(target, 'deploy/web', LISTING)).toBe(await harness.source.exec(SOURCE, 'deploy/web', LISTING));
    expect(await harness.leftovers(runId)).toEqual([]);
  } finally {
    await harness.dest.deleteNamespaces(target);
  }
});

test('a run that is cancelled in the middle of its copy stops and leaves nothing', async () => {
  const runId = await harness.start(slowDefinition('cancelled', '-cancelled'));
  await harness.api.until(runId, copying);
  await harness.api.cancel(runId);
  const run = await harness.api.finished(runId);
  expect(run.phase).toBe('Cancelled');
  expect(run.steps.find(({ name }) => name === 'apply-resources')).toBeUndefined();
  expect(await harness.leftovers(runId)).toEqual([]);
  expect(await harness.dest.list('namespaces', '-l', `godwit.io/run=${runId}`)).toEqual([]);
});
