import type { RunSummary, RunView, StagedVolumeView } from '@godwit/contracts/api';
import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { listBucket } from '../tools/demo/bucket.ts';
import { Harness } from './support/harness.ts';
import { claim, deployment, namespace, service, statefulSet } from './support/manifests.ts';
import { until } from './support/until.ts';

jest.setTimeout(300_000);

const SHOP = 'e2e-staged';
const FILES = 2_000;
const POLICY = 'e2e-staged-no-services';

let harness: Harness;
let migrationId: string;

beforeAll(async () => {
  harness = await Harness.start({ name: 'staged' });
  await cleanUp();
  await harness.source.apply(
    namespace(SHOP),
    claim(SHOP, 'files'),
    stoppedInOrder(deployment(SHOP, 'web', ['files'])),
    stoppedInOrder(statefulSet(SHOP, 'db', 1)),
    service(SHOP, 'web'),
    cronJob(),
  );
  await harness.source.ready(SHOP, 'deployment/web', 'statefulset/db');
  await Promise.all([
    harness.source.exec(
      SHOP,
      'deploy/web',
      `cd /files; for f in $(seq ${FILES}); do echo $f >$f; done; head -c 8000000 /dev/urandom >big`,
    ),
    harness.source.exec(SHOP, 'pod/db-0', 'head -c 8000000 /dev/urandom >/data/db'),
  ]);
  const selection = { scope: 'Namespaces', namespaces: [SHOP] };
  migrationId = (await harness.api.createMigration(harness.definition('staged', { selection }))).id;
});

afterAll(async () => {
  if (!harness) return;
  await cleanUp();
  await harness.stop();
});

async function cleanUp(): Promise<void> {
  await harness.dest.kubectl(
    'delete',
    'validatingadmissionpolicy,validatingadmissionpolicybinding',
    POLICY,
    '--ignore-not-found',
  );
  await Promise.all([harness.source, harness.dest].map((cluster) => cluster.deleteNamespaces(SHOP)));
}

const call = <T>(method: string, path: string, body?: object) => harness.api.call<T>(method, path, body);
const staging = async () => (await call<{ items: StagedVolumeView[] }>('GET', `/migrations/${migrationId}/staging`)).items;
const start = async (kind: string) => (await call<RunSummary>('POST', `/migrations/${migrationId}/runs`, { kind })).id;
const storedBytes = ({ volumes }: RunView) => volumes.reduce((sum, { copy }) => sum + (copy?.storedBytes ?? 0), 0);
const messages = async (id: string) => (await harness.api.log(id)).map(({ message }) => message);

async function ended(id: string, phase: RunView['phase'] = 'Succeeded'): Promise<RunView> {
  const run = await harness.api.finished(id);
  if (run.phase !== phase) throw new Error(await harness.api.story(id));
  return run;
}

/** A write load like a database's, as long as its pod runs. */
const writes = () =>
  harness.source.exec(
    SHOP,
    'pod/db-0',
    '(i=0; while true; do i=$((i+1)); echo $i | dd of=/data/db bs=4096 seek=$((i % 1000)) conv=notrunc 2>/dev/null; echo $i >>/data/log; done) >/dev/null 2>&1 &',
  );

/** How much of what runs on the source is wanted: replicas, and whether the CronJob is suspended. */
async function wanted() {
  const [web, db, nightly] = await Promise.all([
    harness.source.get('deployment', SHOP, 'web'),
    harness.source.get('statefulset', SHOP, 'db'),
    harness.source.get('cronjob', SHOP, 'nightly'),
  ]);
  const spec = (object: KubernetesObject) => object.spec as { replicas?: number; suspend?: boolean };
  const annotations = [web, db, nightly].flatMap(({ metadata }) => Object.keys(metadata.annotations ?? {}));
  return {
    replicas: [spec(web).replicas, spec(db).replicas],
    suspend: spec(nightly).suspend ?? false,
    noted: annotations.filter((key) => key.startsWith('godwit.io/')).length,
  };
}
/** The number that was written last, and all that was. */
const DIGESTS = 'tail -n 1 /data/log; md5sum </data/db; md5sum </data/log';
const RUNNING = { replicas: [1, 1], suspend: false, noted: 0 };
const STOPPED = { replicas: [0, 0], suspend: true, noted: 6 };

test('stages copy what changed beside the running application; one that is killed in its restore goes on', async () => {
  await writes();
  const first = await ended(await start('Stage'));
  expect(first.steps.map(({ name }) => name)).not.toContain('apply-resources');
  expect(await harness.leftovers(first.id)).toEqual(
    expect.arrayContaining([expect.stringContaining(`runs/${first.id}/volumes/`)]),
  );
  expect((await harness.leftovers(first.id)).filter((left) => !left.startsWith(`runs/${first.id}/volumes/`))).toEqual([]);
  expect(await staging()).toMatchObject([
    { name: 'data-db-0', state: 'Ready', stages: 1, isDelta: false },
    { name: 'files', state: 'Ready', stages: 1, isDelta: false },
  ]);

  await harness.source.exec(SHOP, 'deploy/web', 'cd /files; echo changed >1; rm 2; echo new >new');
  const id = await start('Stage');
  await harness.api.until(id, ({ steps }) => steps.some(({ name, state }) => name === 'restore-volume' && state === 'Running'));
  harness.stack.kill('data-mover-service', 'SIGKILL');
  const second = await ended(id);
  expect(storedBytes(second)).toBeLessThan(0.6 * storedBytes(first));
  expect(second.volumes.find(({ name }) => name === 'files')?.copy?.storedBytes).toBeLessThan(500_000);
  expect(await staging()).toMatchObject([
    { stages: 2, isDelta: true },
    { stages: 2, isDelta: true },
  ]);
  // The archive of the first has done its duty.
  expect(await harness.storedKeys(first.id)).toEqual([]);
  expect(await wanted()).toEqual(RUNNING);
  expect(await harness.dest.list('namespaces', '--field-selector', `metadata.name=${SHOP}`)).toEqual([]);
});

test('a cut-over moves the last that was written, leaves the source stopped, and is taken back', async () => {
  await harness.source.exec(SHOP, 'deploy/web', 'echo last >/files/last');
  const run = await ended(await start('CutOver'));
  expect(run.volumes.find(({ name }) => name === 'files')?.copy?.storedBytes).toBeLessThan(500_000);
  expect(await wanted()).toEqual(STOPPED);
  expect(await harness.source.list('pods', '-n', SHOP)).toEqual([]);
  await harness.dest.ready(SHOP, 'deployment/web', 'statefulset/db');
  expect(await harness.dest.exec(SHOP, 'deploy/web', 'cd /files; cat last 1 new; ls | wc -l')).toBe(
    `last\nchanged\nnew\n${FILES + 2}\n`,
  );
  const digests = await harness.dest.exec(SHOP, 'pod/db-0', DIGESTS);
  expect(Number(digests.split('\n')[0])).toBeGreaterThan(0);
  expect((await harness.dest.get('cronjob', SHOP, 'nightly')).spec).toMatchObject({ suspend: false });

  expect(run.downtimeSeconds).toBeGreaterThan(0);
  expect((Date.parse(run.readyAt!) - Date.parse(run.quiescedAt!)) / 1000).toBeCloseTo(run.downtimeSeconds!);
  expect(await messages(run.id)).toContainEqual(expect.stringMatching(/^The application was down for \d+ s: from/));
  // Staging is over: nothing of any run is left.
  expect(await staging()).toEqual([]);
  expect(await harness.leftovers(run.id)).toEqual([]);
  expect((await listBucket(harness.infrastructure.s3)).filter((key) => key.includes('runs/'))).toEqual([]);

  await ended((await call<RunSummary>('POST', `/runs/${run.id}/rollback`)).id);
  expect(await wanted()).toEqual(RUNNING);
  await harness.source.ready(SHOP, 'deployment/web', 'statefulset/db');
  // It has what it had when it was stopped, which is what the destination had got.
  expect(await harness.source.exec(SHOP, 'pod/db-0', DIGESTS)).toBe(digests);
  expect(await harness.dest.list('namespaces', '--field-selector', `metadata.name=${SHOP}`)).toEqual([]);
});

test('a cut-over that is cancelled after the source was stopped starts it again; what is staged is discarded, and nothing is left', async () => {
  const id = await start('CutOver');
  await until('a volume is being staged', async () => (await staging()).length > 0);
  expect(await wanted()).toEqual(STOPPED);
  await harness.api.cancel(id);
  const run = await ended(id, 'Cancelled');
  expect(run.steps.find(({ name }) => name === 'resume-source')?.state).toBe('Succeeded');
  expect(await wanted()).toEqual(RUNNING);

  await expect(call('DELETE', `/migrations/${migrationId}`)).rejects.toThrow(/409.*staged/);
  const discard = await call<RunSummary>('DELETE', `/migrations/${migrationId}/staging`);
  await ended(discard.id);
  expect(await staging()).toEqual([]);
  for (const left of [id, discard.id]) expect(await harness.leftovers(left)).toEqual([]);
  expect(await harness.dest.list('persistentvolumeclaims', '-A', '-l', 'godwit.io/migration')).toEqual([]);
  await harness.source.ready(SHOP, 'deployment/web', 'statefulset/db');
});

test('a cut-over that fails when all else is done starts the source again, and says that both may run', async () => {
  await harness.dest.apply(...noServices());
  const id = await start('CutOver');
  const run = await ended(id, 'Failed');
  expect(run.error?.message).toContain('no services here');
  expect(await wanted()).toEqual(RUNNING);
  const told = (await messages(id)).join('\n');
  expect(told).toMatch(/Started again on cluster "source", as it was before: .*StatefulSet/);
  expect(told).toMatch(/may run on both clusters: roll this run back/);

  // What it has handed over is old by now: cut over again without a rollback, it would be what the application runs on.
  const again = await ended(await start('CutOver'), 'Failed');
  expect(again.error).toMatchObject({ reason: 'VolumeExists', cure: expect.stringContaining(`Roll run ${id} back`) });
  expect(again.steps.map(({ name }) => name)).not.toContain('quiesce-source');
  expect(await wanted()).toEqual(RUNNING);
  await ended((await call<RunSummary>('POST', `/runs/${id}/rollback`)).id);
});

/** Its pods are gone for the API server only when their volumes were let go of. */
function stoppedInOrder<T extends { spec: { template: { spec: object } } }>(workload: T): T {
  const spec = { ...workload.spec.template.spec, terminationGracePeriodSeconds: 1 };
  return { ...workload, spec: { ...workload.spec, template: { ...workload.spec.template, spec } } };
}

function cronJob(): object {
  const container = { name: 'main', image: 'busybox:1', command: ['true'] };
  const template = { spec: { restartPolicy: 'Never', containers: [container] } };
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { namespace: SHOP, name: 'nightly' },
    spec: { schedule: '0 3 1 1 *', jobTemplate: { spec: { template } } },
  };
}

/** The destination refuses Services of the application, which only an apply meets. */
function noServices(): object[] {
  const rules = [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['services'] }];
  return [
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name: POLICY },
      spec: {
        failurePolicy: 'Fail',
        matchConstraints: { resourceRules: rules },
        validations: [{ expression: `object.metadata.namespace != '${SHOP}'`, message: 'no services here' }],
      },
    },
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name: POLICY },
      spec: { policyName: POLICY, validationActions: ['Deny'] },
    },
  ];
}
