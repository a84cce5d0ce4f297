import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import type { RunObject } from '@godwit/db/run-object-store';
import { toDiscovery } from '@godwit/kube/discovery';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { CONFIG_MAP, StubApiServer } from '../../../../libs/kube/test/stub-api-server.ts';
import { deleteCreated } from './delete-created.ts';
import { restoreChanged } from './restore-changed.ts';
import type { RollbackContext } from './rollback-context.ts';
import { RollbackOutcomes } from './rollback-outcomes.ts';
import { recordKey } from './run-records.ts';

const RUN = 'run-1';
const LABELS = { 'godwit.io/run': RUN };
const BY_US = [{ manager: 'godwit', operation: 'Update', time: '2030-01-01T10:00:00Z' }];
const APPLIED = new Date('2030-01-01T10:00:30Z');

let server: StubApiServer;
let rows: RunObject[];
let context: RollbackContext;

beforeEach(async () => {
  server = await StubApiServer.start();
  rows = [];
  const record = async (_id: string, added: readonly RunObject[]) => {
    rows.push(...added);
    return new Set<string>();
  };
  context = {
    client: server.client,
    discovery: toDiscovery([CONFIG_MAP], []),
    runId: RUN,
    metByOthers: new Map(),
    outcomes: new RollbackOutcomes({ record }, 'rollback-1'),
    signal: AbortSignal.timeout(10_000),
  };
});
afterEach(() => server.stop());

function put(name: string, metadata: object = {}, data: object = {}): void {
  server.put(CONFIG_MAP, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'shop', name, ...metadata }, data });
}

function noted(name: string, uid = `uid-${name}`, outcome: RunObject['outcome'] = 'Created'): RunObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name, outcome, uid };
}

const records = (...objects: RunObject[]) => new Map(objects.map((object) => [recordKey(object), object]));
const there = (name: string) => server.get(CONFIG_MAP, 'shop', name) !== undefined;

async function told(): Promise<Record<string, string>> {
  await context.outcomes.flush();
  return Object.fromEntries(rows.map(({ name, outcome, reason }) => [name, reason ? `${outcome}: ${reason}` : outcome]));
}

test('what the run created goes, noted or not; what is not its own stays', async () => {
  put('noted', { labels: LABELS });
  put('unnoted', { labels: LABELS, managedFields: BY_US });
  put('copied', { labels: LABELS, managedFields: [{ manager: 'kubectl' }] });
  put('unlabelled');
  put('anew', { labels: LABELS, uid: 'uid-of-another' });
  put('others');
  await deleteCreated(context, [CONFIG_MAP], records(noted('noted'), noted('unlabelled'), noted('anew'), noted('gone')));
  expect(await told()).toEqual({
    noted: 'Deleted',
    unnoted: 'Deleted',
    unlabelled: expect.stringMatching(/^Skipped: .*label of the run/),
    anew: expect.stringMatching(/^Skipped: .*another UID/),
    gone: 'Deleted: it is gone',
  });
  expect(['noted', 'unnoted', 'copied', 'unlabelled', 'anew', 'others'].filter(there)).toEqual([
    'copied',
    'unlabelled',
    'anew',
    'others',
  ]);
});

test('a reason to keep an object keeps it, and a refusal is told of the one object that is refused', async () => {
  for (const name of ['kept', 'refused', 'goes']) put(name, { labels: LABELS });
  server.refuse = (method, path) =>
    method === 'DELETE' && path.endsWith('/refused')
      ? { code: 403, reason: 'Forbidden', message: 'a webhook says no' }
      : undefined;
  await deleteCreated(
    context,
    [CONFIG_MAP],
    records(noted('kept'), noted('refused'), noted('goes')),
    async (_type, { metadata }) => (metadata.name === 'kept' ? 'others use it' : undefined),
  );
  expect(await told()).toEqual({
    kept: 'Skipped: others use it',
    refused: expect.stringMatching(/^Failed: .*a webhook says no/),
    goes: 'Deleted',
  });
});

test('what may not be listed is deleted by what was noted; of kinds that nothing was noted of it is no matter', async () => {
  put('noted', { labels: LABELS });
  server.refuse = (_method, path) =>
    path.endsWith('/configmaps') ? { code: 403, reason: 'Forbidden', message: 'cannot list' } : undefined;
  await deleteCreated(context, [CONFIG_MAP], records(noted('noted')));
  expect(await told()).toEqual({ noted: 'Deleted' });
  expect(there('noted')).toBe(false);
  await deleteCreated(context, [CONFIG_MAP], records());
  expect(await told()).toEqual({ noted: 'Deleted' });
});

test('what was changed is put back over a write that comes between, and what is as it was needs none', async () => {
  const before = (name: string): KubernetesObject => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { namespace: 'shop', name, uid: `uid-${name}`, resourceVersion: '1' },
    data: { from: 'dest' },
  });
  put('changed', { managedFields: BY_US }, { from: 'source' });
  put('same', { managedFields: BY_US }, { from: 'dest' });
  put('untouched', {}, { from: 'dest' });
  put('refused', {}, { from: 'people, after the run was refused' });
  let writes = 0;
  server.refuse = (method) =>
    method === 'PUT' && writes++ === 0 ? { code: 409, reason: 'Conflict', message: 'the object has been modified' } : undefined;
  const store = {
    previous: async (_run: string, { name }: { name: string }) => (name === 'untouched' ? undefined : before(name)),
  };
  const changed = [
    noted('changed', undefined, 'Updated'),
    noted('same', undefined, 'Merged'),
    noted('untouched', undefined, 'Failed'),
    noted('refused', undefined, 'Warned'),
  ];
  await restoreChanged(context, store, changed, APPLIED);
  expect(await told()).toEqual({ changed: 'Restored', same: 'Restored' });
  expect(server.get(CONFIG_MAP, 'shop', 'changed')?.data).toEqual({ from: 'dest' });
  expect(writes).toBe(2);
});

const met = (name: string, changed: boolean) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  namespace: 'shop',
  name,
  byRunId: 'run-2',
  byMigration: 'billing',
  changed,
});

test('what the run of another migration has met since is left to it', async () => {
  put('ours', { labels: LABELS });
  put('shared', { labels: LABELS });
  context = { ...context, metByOthers: new Map([met('shared', false)].map((object) => [recordKey(object), object])) };
  await deleteCreated(context, [CONFIG_MAP], records(noted('ours'), noted('shared')));
  expect([there('ours'), there('shared')]).toEqual([false, true]);
  expect((await told()).shared).toMatch(/^Skipped: run run-2 of migration "billing" found it there/);
});
