import type { AppHookTemplate, AppHookView, RunEventView, RunView } from '@godwit/contracts/api';
import type { HookPods } from '@godwit/contracts/calls';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Harness } from './support/harness.ts';
import { claim, deployment, namespace } from './support/manifests.ts';
import { until } from './support/until.ts';

jest.setTimeout(300_000);

const DATABASE = 'e2e-hooks-database';
const WEB = 'e2e-hooks-web';
const MOVED = '-moved';
const LABELS = { 'app.kubernetes.io/name': 'postgresql' };

let harness: Harness;

beforeAll(async () => {
  harness = await Harness.start({ name: 'app-hooks', givenNamespace: true });
  await deleteAll();
  await harness.source.apply(
    namespace(DATABASE),
    claim(DATABASE, 'data', 'standard', '512Mi'),
    postgres(),
    namespace(WEB),
    claim(WEB, 'files'),
    deployment(WEB, 'web', ['files']),
  );
  await harness.source.ready(DATABASE, 'deployment/postgres');
  await harness.source.ready(WEB, 'deployment/web');
});

afterAll(async () => {
  if (!harness) return;
  await deleteAll();
  await harness.stop();
});

const deleteAll = () =>
  Promise.all([
    harness.source.deleteNamespaces(DATABASE, WEB),
    harness.dest.deleteNamespaces(`${DATABASE}${MOVED}`, `${WEB}${MOVED}`),
  ]);

/** A database that is ready when it answers. */
function postgres() {
  const container = {
    name: 'postgres',
    image: 'postgres:15-debian',
    env: [{ name: 'POSTGRES_PASSWORD', value: 'only-for-this-test' }],
    readinessProbe: { exec: { command: ['pg_isready', '--username=postgres'] }, periodSeconds: 1 },
    volumeMounts: [{ name: 'data', mountPath: '/var/lib/postgresql/data' }],
  };
  const template = {
    metadata: { labels: LABELS },
    spec: {
      terminationGracePeriodSeconds: 1,
      securityContext: { fsGroup: 999, fsGroupChangePolicy: 'OnRootMismatch' },
      containers: [container],
      volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }],
    },
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { namespace: DATABASE, name: 'postgres' },
    spec: { replicas: 1, strategy: { type: 'Recreate' }, selector: { matchLabels: LABELS }, template },
  };
}

const save = (hook: object) => harness.api.call<AppHookView>('POST', '/app-hooks', hook);
const shell = (script: string) => ['sh', '-c', script];
/** A hook in the pods of `web`. */
const hook = (name: string, type: string, script: string, more: object = {}) => ({
  name,
  type,
  labels: 'app:web',
  command: shell(script),
  ...more,
});
const use = (...hooks: AppHookView[]) => hooks.map(({ id }) => ({ hookId: id }));
const webDefinition = (name: string, hooks: object) => ({
  ...harness.definition(name, {
    selection: { scope: 'Namespaces', namespaces: [WEB] },
    transforms: { renameNamespaces: { suffix: MOVED } },
  }),
  hooks,
});

async function hookLines(runId: string): Promise<RunEventView[]> {
  return (await harness.api.log(runId)).filter(({ message }) => message.startsWith('Hook '));
}

test('a database that is written to all the time arrives whole, and both sides take writes again', async () => {
  const { items: templates } = await harness.api.call<{ items: AppHookTemplate[] }>('GET', '/app-hooks/templates');
  const clone = async (id: string) => {
    const { id: _id, application: _application, description: _description, ...spec } = templates.find((one) => one.id === id)!;
    return save({ ...spec, labels: 'app.kubernetes.io/name:postgresql' });
  };
  const [pre, post, restored] = [
    await clone('postgresql-pre'),
    await clone('postgresql-post'),
    await clone('postgresql-post-restore'),
  ];
  const { pods } = await harness.api.call<HookPods>('POST', `/app-hooks/${pre.id}/matches`, {
    clusterId: harness.sourceClusterId,
    namespaces: ['e2e-hooks-*'],
  });
  expect(pods).toEqual([{ namespace: DATABASE, name: expect.stringMatching(/^postgres-/), container: 'postgres', ready: true }]);

  const sql = (script: string) => `psql -U postgres -qtAc "${script}"`;
  const source = (script: string) => harness.source.exec(DATABASE, 'deploy/postgres', script);
  await source(sql('CREATE TABLE debit (n bigint primary key, pad text); CREATE TABLE credit (n bigint primary key, pad text)'));
  // Each transaction writes to both tables. It goes on until its file is gone, through the errors while writes are held.
  await source(`touch /tmp/writing; (n=0; while [ -e /tmp/writing ]; do n=$((n+1));
    psql -U postgres -qc "INSERT INTO debit SELECT $n * 100 + i, repeat('x', 500) FROM generate_series(1, 50) i;
      INSERT INTO credit SELECT $n * 100 + i, repeat('y', 500) FROM generate_series(1, 50) i"; done) </dev/null >/dev/null 2>&1 &`);
  const counts = sql('SELECT (SELECT count(*) FROM debit), (SELECT count(*) FROM credit)');

  const run = await harness.migrate({
    ...harness.definition('database', {
      selection: { scope: 'Namespaces', namespaces: [DATABASE] },
      transforms: { renameNamespaces: { suffix: MOVED } },
    }),
    hooks: { sourcePre: use(pre), sourcePost: use(post), destinationPost: use(restored) },
  });
  const target = (script: string) => harness.dest.exec(`${DATABASE}${MOVED}`, 'deploy/postgres', script);
  const [debits, credits] = (await target(counts)).trim().split('|').map(Number);
  expect(debits).toBe(credits);
  expect(debits).toBeGreaterThan(0);
  // Every page of every table and index can be read.
  await target('pg_dumpall -U postgres >/dev/null && psql -U postgres -qc "REINDEX DATABASE postgres"');
  await target(sql('INSERT INTO debit VALUES (-1, null)'));

  const before = Number((await source(counts)).split('|')[0]);
  await until('the source takes writes', async () => Number((await source(counts)).split('|')[0]) > before, 30_000);
  await source('rm /tmp/writing');
  expect((await hookLines(run.id)).map(({ level, step }) => [level, step])).toEqual([
    ['info', 'pre-hooks'],
    ['info', 'post-hooks'],
    ['info', 'destination-hooks'],
  ]);
  expect(await harness.leftovers(run.id)).toEqual([]);
});

test('hooks run in their order, what they write is in the log up to a limit, and a failure may be let pass', async () => {
  const hooks = {
    sourcePre: use(
      await save(hook('first', 'Pre', 'echo first >/tmp/order; echo hello; echo trouble >&2')),
      await save(hook('fails', 'Pre', 'echo no such thing; exit 7', { onError: 'Continue' })),
      await save(hook('writes much', 'Common', 'echo second >>/tmp/order; head -c 1000000 /dev/zero | tr "\\0" x')),
    ),
    sourcePost: use(
      await save(hook('slow', 'Post', 'echo third >>/tmp/order; sleep 60', { timeoutSeconds: 5, onError: 'Continue' })),
    ),
  };
  const definition = webDefinition('order', hooks);
  const run = await harness.migrate(definition);
  expect(await harness.source.exec(WEB, 'deploy/web', 'cat /tmp/order')).toBe('first\nsecond\nthird\n');
  const lines = await hookLines(run.id);
  expect(lines.map(({ level, step, message }) => [level, step, message.replace(/ in Pod [^\s:]+/, '')])).toEqual([
    ['info', 'pre-hooks', expect.stringMatching(/^Hook "first" ran/)],
    ['warning', 'pre-hooks', 'Hook "fails": its command ended with exit code 7: no such thing'],
    ['info', 'pre-hooks', expect.stringMatching(/^Hook "writes much" ran/)],
    ['warning', 'post-hooks', expect.stringMatching(/did not end within 5 s/)],
  ]);
  expect(lines[0]!.data).toMatchObject({ exitCode: 0, container: 'main' });
  const { output } = lines[0]!.data as { output: string };
  expect(output.split('\n').sort()).toEqual(['', 'hello', 'trouble']);
  expect(lines[2]!.data).toMatchObject({ truncated: true, output: 'x'.repeat(8192) });
  expect(await harness.leftovers(run.id)).toEqual([]);
});

const steps = (run: RunView) => Object.fromEntries(run.steps.map(({ name, state }) => [name, state]));

test('after a pre hook that failed the post hooks run all the same, each of them, and nothing was touched', async () => {
  await harness.source.exec(WEB, 'deploy/web', 'rm -f /tmp/undone*');
  const hooks = {
    sourcePre: use(
      await save(hook('refuses', 'Pre', 'echo I will not >&2; exit 3')),
      await save(hook('never runs', 'Pre', 'touch /tmp/undone-never')),
    ),
    sourcePost: use(
      await save(hook('undo fails', 'Post', 'touch /tmp/undone-1; exit 1')),
      await save(hook('undo', 'Post', 'touch /tmp/undone-2')),
    ),
  };
  const run = await harness.api.finished(await harness.start(webDefinition('fails', hooks)));
  expect(run.phase).toBe('Failed');
  expect(run.error).toMatchObject({ reason: 'HookFailed', subject: { cluster: 'source' } });
  expect(run.error?.message).toContain('exit code 3: I will not');
  expect(steps(run)).toMatchObject({ 'pre-hooks': 'Failed', 'post-hooks': 'Failed', cleanup: 'Succeeded' });
  expect(steps(run)).not.toHaveProperty('snapshot-volume');
  expect(await harness.source.exec(WEB, 'deploy/web', 'ls /tmp | grep undone')).toBe('undone-1\nundone-2\n');
  expect(await harness.leftovers(run.id)).toEqual([]);
});

test('a run that is cancelled while a pre hook runs takes back what it did, within seconds', async () => {
  await harness.source.exec(WEB, 'deploy/web', 'rm -f /tmp/undone*');
  const hooks = {
    sourcePre: use(await save(hook('long', 'Pre', 'touch /tmp/undone-began; sleep 100', { timeoutSeconds: 120 }))),
    sourcePost: use(await save(hook('take back', 'Post', 'touch /tmp/undone-after'))),
  };
  const id = await harness.start(webDefinition('cancelled', hooks));
  await harness.api.until(id, (run) => steps(run)['pre-hooks'] === 'Running');
  await harness.source.exec(WEB, 'deploy/web', 'until [ -e /tmp/undone-began ]; do sleep 0.1; done');
  const asked = Date.now();
  await harness.api.cancel(id);
  const run = await harness.api.finished(id);
  expect(run.phase).toBe('Cancelled');
  expect(steps(run)).toMatchObject({ 'pre-hooks': 'Cancelled', 'post-hooks': 'Succeeded', cleanup: 'Succeeded' });
  expect(Date.now() - asked).toBeLessThan(20_000);
  await harness.source.exec(WEB, 'deploy/web', 'test -e /tmp/undone-after');
  expect(await harness.leftovers(id)).toEqual([]);
});
