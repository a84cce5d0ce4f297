import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Harness } from './support/harness.ts';
import { claim, configMap, deployment, namespace } from './support/manifests.ts';

jest.setTimeout(400_000);

const NAMESPACES = ['e2e-one', 'e2e-two', 'e2e-excluded'];
const FILES = 10_000;

let harness: Harness;

beforeAll(async () => {
  harness = await Harness.start({ name: 'several-runs' });
  await Promise.all([harness.source, harness.dest].map((cluster) => cluster.deleteNamespaces(...NAMESPACES)));
  for (const ns of NAMESPACES) {
    await harness.source.apply(
      namespace(ns),
      configMap(ns, 'settings', { ns }),
      claim(ns, 'data'),
      deployment(ns, 'web', ['data']),
    );
  }
  await Promise.all(NAMESPACES.map((ns) => harness.source.ready(ns, 'deployment/web')));
  await harness.source.exec(
    'e2e-one',
    'deploy/web',
    `cd /data; d=0; while [ $d -lt 100 ]; do mkdir $d; f=0; while [ $f -lt ${FILES / 100} ]; do echo $d $f >$d/$f; f=$((f+1)); done; d=$((d+1)); done`,
  );
  await harness.source.exec('e2e-two', 'deploy/web', 'echo two >/data/id');
});

afterAll(async () => {
  if (!harness) return;
  await Promise.all([harness.source, harness.dest].map((cluster) => cluster.deleteNamespaces(...NAMESPACES)));
  await harness.stop();
});

const LISTING = 'cd /data; find . -type f | sort | xargs md5sum | md5sum; find . -type f | wc -l';

test('two runs at the same time, one of them with ten thousand files, do not disturb each other', async () => {
  const [one, two] = await Promise.all(
    ['e2e-one', 'e2e-two'].map((ns) =>
      harness.migrate(harness.definition(ns, { selection: { scope: 'Namespaces', namespaces: [ns] } })),
    ),
  );
  const listing = await harness.source.exec('e2e-one', 'deploy/web', LISTING);
  expect(listing).toContain(`\n${FILES}\n`);
  await Promise.all([harness.dest.ready('e2e-one', 'deployment/web'), harness.dest.ready('e2e-two', 'deployment/web')]);
  expect(await harness.dest.exec('e2e-one', 'deploy/web', LISTING)).toBe(listing);
  expect(await harness.dest.exec('e2e-two', 'deploy/web', 'cat /data/id')).toBe('two\n');
  for (const run of [one, two]) expect(await harness.leftovers(run!.id)).toEqual([]);
  // Neither run is left, so our namespace is gone on both sides.
  expect(await harness.source.list('namespaces', '-l', 'app.kubernetes.io/managed-by=godwit')).toEqual([]);
  expect(await harness.dest.list('namespaces', '-l', 'app.kubernetes.io/managed-by=godwit')).toEqual([]);
});

test('a full cluster moves without what is excluded', async () => {
  const all = (await harness.source.list('namespaces')).map((entry) => entry.replace('Namespace ', ''));
  const excludeNamespaces = all.filter((name) => name !== 'e2e-two' && name !== 'e2e-excluded' && !name.startsWith('kube-'));
  await harness.dest.deleteNamespaces('e2e-two');
  const run = await harness.migrate(
    harness.definition('full', { selection: { scope: 'FullCluster', excludeNamespaces: [...excludeNamespaces, 'e2e-excl*'] } }),
  );
  expect(await harness.dest.list('namespaces', '-l', `godwit.io/run=${run.id}`)).toEqual(['Namespace e2e-two']);
  await harness.dest.ready('e2e-two', 'deployment/web');
  expect(await harness.dest.exec('e2e-two', 'deploy/web', 'cat /data/id')).toBe('two\n');
  expect(await harness.leftovers(run.id)).toEqual([]);
});
