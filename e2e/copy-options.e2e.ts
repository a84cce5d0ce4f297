import type { RunView } from '@godwit/contracts/api';
import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Harness } from './support/harness.ts';
import { claim, deployment, namespace } from './support/manifests.ts';
import { MoverWatch } from './support/mover-watch.ts';

jest.setTimeout(300_000);

const SOURCE = 'e2e-copy';
const DRIVER = 'dir.csi.testbed';
/** So much that two movers meet, however long the second takes to start. */
const MEGABYTES = 24;
const SPEED = 2;
const CLAIMS = ['a', 'b', 'c', 'd'];

let harness: Harness;

beforeAll(async () => {
  harness = await Harness.start({ name: 'copy-options', givenNamespace: true });
  await harness.source.deleteNamespaces(SOURCE);
  await harness.source.apply(
    namespace(SOURCE),
    ...CLAIMS.map((name) => claim(SOURCE, name)),
    claim(SOURCE, 'unattached'),
    deployment(SOURCE, 'web', CLAIMS),
  );
  await harness.source.ready(SOURCE, 'deployment/web');
  await harness.source.exec(
    SOURCE,
    'deploy/web',
    `for c in ${CLAIMS.join(' ')}; do head -c ${MEGABYTES}000000 /dev/urandom >/$c/f; done`,
  );
});

afterAll(async () => {
  if (!harness) return;
  await harness.source.deleteNamespaces(SOURCE);
  await harness.stop();
});

function definition(name: string, copy: object) {
  return harness.definition(name, {
    selection: { scope: 'Namespaces', namespaces: [SOURCE] },
    copy,
    transforms: { renameNamespaces: { suffix: `-${name}` } },
  });
}

/** Runs what must fail, and checks that nothing is left. */
async function fails(name: string, copy: object): Promise<RunView> {
  try {
    const run = await harness.api.finished(await harness.start(definition(name, copy)));
    expect(run.phase).toBe('Failed');
    expect(await harness.leftovers(run.id)).toEqual([]);
    return run;
  } finally {
    await harness.dest.deleteNamespaces(`${SOURCE}-${name}`);
  }
}

const temporary = async (kind: string, runId: string): Promise<KubernetesObject[]> => {
  const selector = ['-n', 'godwit-system', '-l', `godwit.io/run=${runId}`, '--ignore-not-found', '-o', 'json'];
  const list = await harness.source.kubectl('get', kind, ...selector);
  return list ? JSON.parse(list).items : [];
};

test('never more movers than streams, each as fast as it may be, on volumes of the class that was chosen for them', async () => {
  const name = 'streams';
  const id = await harness.start(
    definition(name, {
      concurrentStreams: 2,
      maxSpeedPerStreamMBps: SPEED,
      excludeUnattachedPvcs: true,
      temporaryStorageClasses: { standard: 'archive-tier' },
    }),
  );
  const watch = new MoverWatch('source');
  try {
    const classes = new Set<unknown>();
    const looking = { done: false };
    const looks = (async () => {
      while (!looking.done)
        for (const { spec } of await temporary('pvc', id)) classes.add((spec as { storageClassName: string }).storageClassName);
    })();
    const run = await harness.api.finished(id).finally(() => {
      looking.done = true;
    });
    await looks;
    expect(run.phase).toBe('Succeeded');
    expect(watch.most).toBe(2);
    expect([...classes]).toEqual(['archive-tier']);
    expect(run.volumes.map((volume) => volume.name)).toEqual(CLAIMS);
    const first = Math.min(...run.volumes.map(({ copy }) => Date.parse(copy!.startedAt!)));
    const last = Math.max(...run.volumes.map(({ copy }) => Date.parse(copy!.finishedAt!)));
    const rate = run.volumes.reduce((sum, { copy }) => sum + copy!.storedBytes, 0) / 1e6 / ((last - first) / 1000);
    expect(rate).toBeLessThan(2 * SPEED * 1.05);
    expect(await harness.leftovers(id)).toEqual([]);
    const claims = JSON.parse(await harness.dest.kubectl('get', 'pvc', '-n', `${SOURCE}-${name}`, '-o', 'json')).items;
    expect(claims.map(({ metadata }: KubernetesObject) => metadata.name)).toEqual(CLAIMS);
  } finally {
    watch.stop();
    await harness.dest.deleteNamespaces(`${SOURCE}-${name}`);
  }
});

test('a snapshot that the driver refuses ends the run with the words of the driver', async () => {
  const run = await fails('broken', { snapshotClasses: { [DRIVER]: 'broken' } });
  expect(run.error).toMatchObject({ reason: 'SnapshotFailed', subject: { cluster: 'source' } });
  expect(run.error?.message).toMatch(/broken|fail/);
});

test('a snapshot that does not become ready in time ends the run, and says how long it was waited for', async () => {
  const run = await fails('slow', { snapshotClasses: { [DRIVER]: 'slow' }, snapshotTimeoutSeconds: 10 });
  expect(run.error?.reason).toBe('SnapshotTimeout');
  expect(run.error?.message).toContain('10 s');
});

test('a mover whose image cannot be had ends the run in time, with what the node says of it', async () => {
  const image = 'nowhere.example/mover:none';
  const other = await Harness.start({ name: 'copy-options-image', env: { GODWIT_MOVER_IMAGE: image } });
  try {
    const run = await other.api.finished(
      await other.start(
        other.definition('image', {
          selection: { scope: 'Namespaces', namespaces: [SOURCE] },
          copy: { moverPodTimeoutSeconds: 25 },
          transforms: { renameNamespaces: { suffix: '-image' } },
        }),
      ),
    );
    expect(run.error).toMatchObject({ kind: 'fatal', reason: 'MoverPodTimeout' });
    expect(run.error?.message).toMatch(/ErrImagePull|ImagePullBackOff/);
    expect(run.error?.message).toContain(image);
    expect(await other.leftovers(run.id)).toEqual([]);
  } finally {
    await other.stop();
  }
});
