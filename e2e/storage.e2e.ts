import type { RunArchiveView, RunView } from '@godwit/contracts/api';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Harness } from './support/harness.ts';
import { claim, deployment, namespace } from './support/manifests.ts';

jest.setTimeout(400_000);

const SOURCE = 'e2e-storage';
const MANAGED = { provider: 'harness', region: 'here' };
const IN_MANAGED = { type: 'Managed', ...MANAGED };
const SECONDS = 1 / 3600;

let harness: Harness;

beforeAll(async () => {
  harness = await Harness.start({ name: 'storage', managedStorage: { ...MANAGED, prefix: 'shared' }, givenNamespace: true });
  await harness.source.deleteNamespaces(SOURCE);
  await harness.source.apply(namespace(SOURCE), claim(SOURCE, 'data'), deployment(SOURCE, 'web', ['data']));
  await harness.source.ready(SOURCE, 'deployment/web');
  await harness.source.exec(SOURCE, 'deploy/web', 'head -c 3000000 /dev/urandom >/data/f');
});

afterAll(async () => {
  if (!harness) return;
  await Promise.all([
    harness.source.deleteNamespaces(SOURCE),
    harness.dest.deleteNamespaces(`${SOURCE}-managed`, `${SOURCE}-inherits`),
  ]);
  await harness.stop();
});

const definition = (name: string, copy: object, retention?: object) => ({
  ...harness.definition(name, {
    selection: { scope: 'Namespaces', namespaces: [SOURCE] },
    copy,
    transforms: { renameNamespaces: { suffix: `-${name}` } },
  }),
  retention,
});
const deleted = (id: string) => harness.api.until(id, ({ archive }) => archive?.state === 'Deleted', 60_000);

test('archives lie where migrations and clusters say, as long as they are to be kept, and are gone then', async () => {
  const { api } = harness;
  expect(await api.call('GET', '/managed-storage')).toEqual({ items: [MANAGED] });
  const store = { type: 'ObjectStore', objectStoreId: harness.objectStoreId };
  await api.call('PATCH', `/clusters/${harness.sourceClusterId}`, { preferences: { storage: store } });
  await api.call('PATCH', '/settings', { retention: { archive: { successHours: 3 * SECONDS } } });

  const [managed, inherits] = await Promise.all([
    harness.migrate(definition('managed', { storage: IN_MANAGED }, { archive: { successHours: 1 } })),
    harness.migrate(definition('inherits', { storage: { type: 'ClusterPreference' } })),
  ]);

  // Its own hour, beneath the part of the bucket that is the tenant's.
  expect(managed.archive).toMatchObject({ state: 'Kept', storage: IN_MANAGED });
  const keys = await harness.storedKeys(managed.id);
  const beneath = new RegExp(`^shared/organisations/[0-9a-f-]{36}/runs/${managed.id}/`);
  for (const key of keys) expect(key).toMatch(beneath);
  expect(keys.filter((key) => key.includes('/volumes/')).length).toBeGreaterThan(1);
  expect(keys.filter((key) => key.includes('/resources/')).length).toBeGreaterThan(0);

  // The seconds of the settings, in the store that the cluster prefers.
  expect(inherits.archive?.storage).toEqual(store);
  const { archive, finishedAt } = await deleted(inherits.id);
  expect(Date.parse(archive!.deletedAt!)).toBeGreaterThanOrEqual(Date.parse(archive!.keptUntil!));
  const log = (await api.log(inherits.id)).map(({ message }) => message);
  expect(log).toContainEqual(expect.stringContaining(`its archive is kept until ${archive!.keptUntil}`));
  expect(log).toContainEqual(expect.stringMatching(/^The archive was deleted/));
  expect(finishedAt).toBe(inherits.finishedAt);
  expect(await harness.leftovers(inherits.id)).toEqual([]);

  expect(await api.call<RunArchiveView>('DELETE', `/runs/${managed.id}/archive`)).toMatchObject({ state: 'Deleting' });
  const { phase }: RunView = await deleted(managed.id);
  expect([phase, await harness.leftovers(managed.id)]).toEqual(['Succeeded', []]);
});
