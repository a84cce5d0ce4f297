import type { RunSummary, RunView } from '@godwit/contracts/api';
import type { ScheduleView } from '@godwit/contracts/schedules';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { emptyValkey } from '../tools/infra/valkey.ts';
import { Harness } from './support/harness.ts';
import { claim, configMap, deployment, namespace } from './support/manifests.ts';

jest.setTimeout(300_000);

/** One with a volume, so that movers run in our namespace, and one that moves in moments. */
const DATA = 'e2e-queue-data';
const SMALL = 'e2e-queue-small';
const FROM = { first: DATA, second: SMALL, third: SMALL, unwanted: SMALL, later: SMALL, scheduled: DATA };
type Name = keyof typeof FROM;
const NAMES = Object.keys(FROM) as Name[];
const EVERY_MINUTE = { name: 'every minute', schedule: '* * * * *' };

let harness: Harness;
let migrations: Map<Name, string>;
let schedule: ScheduleView;
/** What came of it, and of the runs that were started by hand. */
let firing: Awaited<ReturnType<typeof suspendedAfterItsFirst>>;
let ended: RunView[];
const runs = new Map<Name, string>();

beforeAll(async () => {
  harness = await Harness.start({ name: 'queue-and-schedule', givenNamespace: true });
  await cleanUp();
  await harness.source.apply(
    namespace(DATA),
    claim(DATA, 'data'),
    deployment(DATA, 'web', ['data']),
    namespace(SMALL),
    configMap(SMALL, 'settings', { id: 'small' }),
  );
  await harness.source.ready(DATA, 'deployment/web');
  await harness.source.exec(DATA, 'deploy/web', 'echo data >/data/id');
  await call('PATCH', `/clusters/${harness.sourceClusterId}`, { maxConcurrentRuns: 1 });
  const save = async (name: Name): Promise<[Name, string]> => {
    const selection = { scope: 'Namespaces', namespaces: [FROM[name]] };
    const transforms = { renameNamespaces: { suffix: `-${name}` } };
    return [name, (await harness.api.createMigration(harness.definition(name, { selection, transforms }))).id];
  };
  migrations = new Map(await Promise.all(NAMES.map(save)));
});

afterAll(async () => {
  if (!harness) return;
  await cleanUp();
  await harness.stop();
});

const call = <T>(method: string, path: string, body?: object) => harness.api.call<T>(method, path, body);
const target = (name: Name) => `${FROM[name]}-${name}`;

async function cleanUp(): Promise<void> {
  await Promise.all([
    harness.source.deleteNamespaces(DATA, SMALL),
    harness.dest.deleteNamespaces(...NAMES.map((name) => target(name))),
  ]);
}

async function start(name: Name, options: object = {}): Promise<RunSummary> {
  const run = await call<RunSummary>('POST', `/migrations/${migrations.get(name)}/runs`, options);
  runs.set(name, run.id);
  return run;
}

async function succeeded(name: Name): Promise<RunView> {
  const run = await harness.api.finished(runs.get(name)!);
  if (run.phase !== 'Succeeded') throw new Error(await harness.api.story(run.id));
  return run;
}

/** From the first moment that a step worked to the last. */
function worked({ id, steps }: RunView) {
  const times = steps.flatMap(({ startedAt, finishedAt }) => [startedAt, finishedAt]).filter((time) => time !== undefined);
  const at = times.map((time) => Date.parse(time));
  return { id, from: Math.min(...at), until: Math.max(...at) };
}

/** @returns ids of runs in the order of their work, of which no step was done before the last one of the run before */
function inTurn(of: RunView[]): string[] {
  const times = of.map(worked).toSorted((a, b) => a.from - b.from);
  for (const [index, { from }] of times.slice(1).entries()) expect(from).toBeGreaterThanOrEqual(times[index]!.until);
  return times.map(({ id }) => id);
}

const ofSchedule = async () => (await call<{ items: RunSummary[] }>('GET', `/runs?migrationId=${schedule.migrationId}`)).items;

/** Waits for the first run of the schedule, a minute and what a look at the schedules takes, and suspends it before the next minute. */
async function suspendedAfterItsFirst(): Promise<{ started: RunSummary[]; suspended: ScheduleView }> {
  const path = `/schedules/${schedule.id}`;
  for (const end = Date.now() + 75_000; Date.now() < end; ) {
    const started = await ofSchedule();
    if (started.length > 0) {
      const body = { ...EVERY_MINUTE, migrationId: schedule.migrationId, suspend: true };
      return { started, suspended: await call<ScheduleView>('PUT', path, body) };
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`nothing came of the schedule: ${JSON.stringify(await call('GET', path))}`);
}

test('a cluster that takes one run lets them come one after the other, each at its time', async () => {
  const first = await start('first');
  expect(first).toMatchObject({ phase: 'Running', startedAt: expect.any(String) });
  for (const [index, name] of (['second', 'third', 'unwanted'] as const).entries()) {
    const message = `${['1st', '2nd', '3rd'][index]} in the queue: cluster "source" runs 1 of at most 1`;
    expect(await start(name)).toMatchObject({
      phase: 'Queued',
      waiting: { reason: 'Cluster', position: index + 1, message },
    });
  }

  const unwanted = await harness.api.cancel(runs.get('unwanted')!);
  expect(unwanted).toMatchObject({ phase: 'Cancelled', finishedAt: expect.any(String) });
  expect(unwanted).not.toHaveProperty('startedAt');
  expect((await harness.api.run(unwanted.id)).steps).toEqual([]);
  expect(await harness.api.log(unwanted.id)).toMatchObject([{ message: 'The run was cancelled before it began' }]);

  const startAt = new Date(Date.now() + 4_000).toISOString();
  expect(await start('later', { startAt })).toMatchObject({
    phase: 'Queued',
    startAt,
    waiting: { reason: 'StartTime', message: `starts at ${startAt}` },
  });

  // Its time comes in at most a minute, which passes while these run; Redis, which is to ring then, knows of it no more.
  const migrationId = migrations.get('scheduled')!;
  schedule = await call<ScheduleView>('POST', '/schedules', { ...EVERY_MINUTE, migrationId });
  expect(Date.parse(schedule.nextTimes[0]!) - Date.now()).toBeLessThanOrEqual(60_000);
  await emptyValkey(harness.infrastructure.redisUrl);

  [firing, ended] = await Promise.all([
    suspendedAfterItsFirst(),
    Promise.all((['first', 'second', 'third', 'later'] as const).map(succeeded)),
  ]);
  const [one, two, three, later] = ended as [RunView, RunView, RunView, RunView];
  expect(inTurn([one, two, three])).toEqual([one.id, two.id, three.id]);
  expect(Date.parse(later.startedAt!)).toBeGreaterThanOrEqual(Date.parse(startAt));
  expect((await harness.api.log(two.id)).map(({ message }) => message)).toContainEqual(
    expect.stringMatching(/^Left the queue after \d/),
  );
  for (const name of ['second', 'third', 'later'] as const)
    expect(await harness.dest.list('configmaps', '-n', target(name), '--field-selector', 'metadata.name=settings')).toEqual([
      `ConfigMap ${target(name)}/settings`,
    ]);
});

test('a schedule starts its run at its time though Redis lost all, until it is suspended; nothing of any run is left', async () => {
  const { started, suspended } = firing;
  expect(started).toMatchObject([{ scheduleId: schedule.id, kind: 'Migration' }]);
  const { id, createdAt } = started[0]!;
  runs.set('scheduled', id);
  expect(suspended).toMatchObject({ suspend: true, nextTimes: [], lastOutcome: `Started the run ${id}` });
  expect(suspended.lastScheduleTime).toBe(schedule.nextTimes[0]);
  expect(Date.parse(createdAt)).toBeGreaterThanOrEqual(Date.parse(schedule.nextTimes[0]!));

  const scheduled = await succeeded('scheduled');
  expect(new Set(inTurn([...ended, scheduled])).size).toBe(5);
  for (const name of ['first', 'scheduled'] as const) {
    await harness.dest.ready(target(name), 'deployment/web');
    expect(await harness.dest.exec(target(name), 'deploy/web', 'cat /data/id')).toBe('data\n');
  }
  expect(await ofSchedule()).toHaveLength(1);
  for (const name of NAMES) expect([name, await harness.leftovers(runs.get(name)!)]).toEqual([name, []]);
  for (const cluster of [harness.source, harness.dest])
    expect(await cluster.list('namespaces', '-l', 'app.kubernetes.io/managed-by=godwit')).toEqual([]);
});
