import { randomBytes, randomUUID } from 'node:crypto';
import { Sealer } from '@godwit/service-kit/sealer';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../../tools/testing/test-database.ts';
import { createTestRun } from '../../../tools/testing/test-run.ts';
import { PrismaService } from './prisma.service.ts';
import { type RunObject, RunObjectStore, runObjectKey } from './run-object-store.ts';

const sealer = new Sealer(randomBytes(32));

let database: TestDatabase;
let prisma: PrismaService;

beforeAll(async () => {
  database = await createTestDatabase();
  prisma = new PrismaService(database.url);
});
afterAll(async () => {
  await prisma?.$disconnect();
  await database?.drop();
});

const configMap = (name: string, outcome: RunObject['outcome']): RunObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  namespace: 'shop',
  name,
  outcome,
});
const names = Array.from({ length: 100 }, (_, index) => `settings-${String(index).padStart(3, '0')}`);

test('two calls with the same objects in opposite order both succeed', async () => {
  const store = new RunObjectStore(prisma, sealer);
  const { id } = await createTestRun(prisma);
  await store.record(
    id,
    names.map((name) => configMap(name, 'Failed')),
  );
  for (let round = 0; round < 3; round++) {
    await Promise.all([
      store.record(
        id,
        names.map((name) => configMap(name, 'Created')),
      ),
      store.record(
        id,
        names.toReversed().map((name) => configMap(name, 'Created')),
      ),
    ]);
  }
  expect(await store.countByOutcome(id)).toEqual({ Created: 100 });
  expect((await store.list(id)).map((object) => object.name)).toEqual(names);
});

test('what an object was before the run is kept from the first attempt, sealed, and read back', async () => {
  const store = new RunObjectStore(prisma, sealer);
  const { id } = await createTestRun(prisma);
  const before = (password: string) => ({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, stringData: { password } });
  const secret = { apiVersion: 'v1', kind: 'Secret', namespace: 'shop', name: 's', outcome: 'Updated' } as const;
  await store.record(id, [{ ...secret, previous: before('first') }, configMap('other', 'Created')]);
  await store.record(id, [{ ...secret, previous: before('second') }]);

  expect(await store.previous(id, secret)).toEqual(before('first'));
  expect(await store.previous(id, configMap('other', 'Created'))).toBeUndefined();
  const row = await prisma.runObject.findFirstOrThrow({ where: { runId: id, name: 's' } });
  expect(JSON.stringify({ ...row, sealedPrevious: Buffer.from(row.sealedPrevious!).toString('latin1') })).not.toContain('first');
});

test('what an earlier attempt changed stays changed, though the next one finds nothing to do; else the last attempt tells', async () => {
  const store = new RunObjectStore(prisma, sealer);
  const { id } = await createTestRun(prisma);
  const changes = [{ path: '/data/colour', before: 'red', after: 'green' }];
  const previous = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } };
  await store.record(id, [
    { ...configMap('changed', 'Updated'), changes, previous },
    configMap('merged', 'Merged'),
    { ...configMap('refused', 'Failed'), reason: 'quota', uid: 'u', includedBecause: 'because' },
    // Written before a change that then was none.
    { ...configMap('same', 'Failed'), reason: 'cut off', previous },
  ]);
  await store.record(
    id,
    ['changed', 'merged', 'same'].map((name) => configMap(name, 'Unchanged')),
  );
  await store.record(id, [configMap('refused', 'Created')]);
  expect(await store.list(id)).toEqual([
    { ...configMap('changed', 'Updated'), changes },
    configMap('merged', 'Merged'),
    { ...configMap('refused', 'Created'), uid: 'u', includedBecause: 'because' },
    configMap('same', 'Unchanged'),
  ]);
  expect(await store.previous(id, configMap('changed', 'Updated'))).toEqual(previous);
  expect(await store.previous(id, configMap('same', 'Unchanged'))).toBeUndefined();
});

test('tells which objects are new; one that is given twice counts as it was given last', async () => {
  const store = new RunObjectStore(prisma, sealer);
  const { id } = await createTestRun(prisma);
  expect(await store.record(id, [])).toEqual(new Set());
  expect(await store.record(id, [configMap('a', 'Failed')])).toEqual(new Set([runObjectKey(configMap('a', 'Failed'))]));
  const added = await store.record(id, [configMap('a', 'Created'), configMap('b', 'Failed'), configMap('b', 'Created')]);
  expect(added).toEqual(new Set([runObjectKey(configMap('b', 'Created'))]));
  expect(await store.countByOutcome(id)).toEqual({ Created: 2 });
});

test('texts that Postgres could not hold are stored without what it cannot', async () => {
  const store = new RunObjectStore(prisma, sealer);
  const { id } = await createTestRun(prisma);
  const reason = 'nul \u0000, a backslash before u0000: \\u0000, quotes "\'';
  const changes = [{ path: '/data/a', after: reason }];
  await store.record(id, [{ ...configMap('odd', 'Updated'), reason, changes }]);
  expect(await store.list(id)).toMatchObject([{ reason: reason.replace('\u0000', '\ufffd'), changes }]);
});

test('very many objects are read page by page, each once and in order', async () => {
  const store = new RunObjectStore(prisma, sealer);
  const { id } = await createTestRun(prisma);
  const many = Array.from({ length: 2_500 }, (_, index) => configMap(`c-${String(index).padStart(4, '0')}`, 'Created'));
  await store.record(id, many.toReversed());
  await store.record(id, [configMap('d', 'Failed')]);
  expect(await Array.fromAsync(store.each(id))).toEqual([...many, configMap('d', 'Failed')]);
  expect(await Array.fromAsync(store.each(id, { outcome: 'Failed' }))).toEqual([configMap('d', 'Failed')]);
});

test('what was changed is sealed: a password may stand anywhere', async () => {
  const store = new RunObjectStore(prisma, sealer);
  const { id } = await createTestRun(prisma);
  await store.record(id, [
    { ...configMap('a', 'Updated'), changes: [{ path: '/data/a', before: 'pass-one', after: 'pass-two' }] },
  ]);
  const row = await prisma.runObject.findFirstOrThrow({ where: { runId: id } });
  expect(JSON.stringify({ ...row, sealedChanges: Buffer.from(row.sealedChanges!).toString('latin1') })).not.toMatch(
    /pass-(one|two)/,
  );
});

test('tells which objects of a run others have met on the same destination since, and were not taken back', async () => {
  const store = new RunObjectStore(prisma, sealer);
  const destClusterId = randomUUID();
  const ofDestination = (values: object = {}) => createTestRun(prisma, { destClusterId, ...values });
  const run = await ofDestination();
  await store.record(
    run.id,
    ['a', 'b', 'c', 'd', 'e'].map((name) => configMap(name, 'Created')),
  );
  const meets = async (name: string, outcome: RunObject['outcome'], values: object = {}) => {
    const other = await ofDestination(values);
    await store.record(other.id, [configMap(name, outcome)]);
    return other;
  };
  const skips = await meets('a', 'Skipped');
  const updates = await meets('b', 'Updated');
  const takenBack = await meets('c', 'Merged');
  await ofDestination({ kind: 'Rollback', rollbackOfId: takenBack.id, phase: 'Succeeded' });
  await meets('d', 'Skipped', { phase: 'Succeeded', finishedAt: new Date(run.createdAt.getTime() - 1_000) });
  await meets('e', 'Skipped', { destClusterId: randomUUID() });
  await meets('e', 'Skipped', { kind: 'Preview' });
  const key = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name, byMigration: 'a migration' });
  expect(await store.metByOthers(run.id)).toEqual([
    { ...key('a'), byRunId: skips.id, changed: false },
    { ...key('b'), byRunId: updates.id, changed: true },
  ]);
});
