import { randomBytes } from 'node:crypto';
import { ClusterProviders } from '@godwit/cloud/cluster-providers';
import { EksDestination } from '@godwit/contracts/destination';
import { FatalError } from '@godwit/contracts/errors';
import { CloudAccountStore } from '@godwit/db/cloud-account-store';
import { ClusterStore } from '@godwit/db/cluster-store';
import { CreatedClusterStore } from '@godwit/db/created-cluster-store';
import { PostgresStepLedger } from '@godwit/db/postgres-step-ledger';
import { PrismaService } from '@godwit/db/prisma.service';
import { RunEventStore } from '@godwit/db/run-event-store';
import { RunOverviewStore } from '@godwit/db/run-overview-store';
import { RunStore } from '@godwit/db/run-store';
import { StepWaitingStore } from '@godwit/db/step-waiting-store';
import type { ClaimedStep } from '@godwit/pipeline/step-ledger';
import { RedisService } from '@godwit/queue/redis';
import { RunNews } from '@godwit/queue/run-news';
import { endpointGuard } from '@godwit/service-kit/address-guard';
import { Sealer } from '@godwit/service-kit/sealer';
import { ClusterConnections } from '@godwit/step-kit/cluster-connections';
import { RunLog } from '@godwit/step-kit/run-log';
import { afterAll, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { AwsEmulator } from '../../../tools/testing/clouds/aws-emulator.ts';
import { createTestDatabase, need, type TestDatabase } from '../../../tools/testing/test-database.ts';
import { createTestRun } from '../../../tools/testing/test-run.ts';
import { CloudAccess } from './cloud-access.ts';
import { CredentialsRenewer } from './credentials-renewer.ts';
import { ProviderObserver } from './provider-observer.ts';
import { ProvisionClusterHandler } from './provision-cluster.handler.ts';

jest.setTimeout(120_000);

const REGION = 'eu-central-1';
const KEYS = { provider: 'AWS' as const, accessKeyId: 'AKIAABCDEFGHIJKLMNOP', secretAccessKey: 'secret' };
const MINUTE = 60_000;

let database: TestDatabase;
let prisma: PrismaService;
let redis: RedisService;
let news: RunNews;
let emulator: AwsEmulator;
let endpointBefore: string | undefined;

beforeAll(async () => {
  emulator = await AwsEmulator.start();
  endpointBefore = process.env.AWS_ENDPOINT_URL;
  process.env.AWS_ENDPOINT_URL = emulator.endpoint;
  emulator.behind = { server: 'https://127.0.0.1:1', caData: Buffer.from('an authority').toString('base64') };
  database = await createTestDatabase();
  prisma = new PrismaService(database.url);
  redis = new RedisService(need('GODWIT_TEST_REDIS_URL'));
  news = new RunNews(redis);
});
afterAll(async () => {
  if (endpointBefore === undefined) delete process.env.AWS_ENDPOINT_URL;
  else process.env.AWS_ENDPOINT_URL = endpointBefore;
  news?.onModuleDestroy();
  await redis?.onModuleDestroy();
  await prisma?.$disconnect();
  await database?.drop();
  await emulator?.stop();
});
beforeEach(() => emulator.reset());

/** What the service is made of, with real stores. */
function service() {
  const sealer = new Sealer(randomBytes(32));
  const providers = new ClusterProviders({ pollMs: 20, timeoutMs: 30_000 });
  const accounts = new CloudAccountStore(prisma, sealer);
  const created = new CreatedClusterStore(prisma, sealer);
  const clusters = new ClusterStore(prisma, sealer);
  const access = new CloudAccess(accounts, providers);
  const log = new RunLog(new RunEventStore(prisma), news);
  const observer = new ProviderObserver(log, new StepWaitingStore(prisma), news);
  const handler = new ProvisionClusterHandler(
    new RunStore(prisma, sealer),
    created,
    access,
    new ClusterConnections(clusters, endpointGuard({ allowed: ['127.0.0.0/8'], denied: [] })),
    log,
    observer,
  );
  return { accounts, created, clusters, access, handler, observer };
}

/** A run whose destination is to be created, with its step at work. */
async function runThatCreates({ accounts }: Pick<ReturnType<typeof service>, 'accounts'>, name: string) {
  const run = await createTestRun(prisma);
  const account = await accounts.create(run.organisationId, 'aws', KEYS);
  const destination = EksDestination.parse({
    type: 'EKS',
    cloudAccountId: account.id,
    name,
    region: REGION,
    version: '1.34',
    subnetIds: (await emulator.subnetIds(REGION)).slice(0, 2),
    clusterRoleArn: 'arn:aws:iam::123456789012:role/cluster',
    nodeRoleArn: 'arn:aws:iam::123456789012:role/nodes',
    nodePools: [{ name: 'workers', instanceTypes: ['m6i.large'] }],
  });
  const definition = { ...(run.definition as object), destination };
  await prisma.run.update({ where: { id: run.id }, data: { definition, destClusterId: null } });
  const row = await prisma.step.create({ data: { runId: run.id, name: 'provision-cluster' } });
  const step = (await new PostgresStepLedger(prisma).claim(row.id, 1, 'worker'))!;
  return { run, destination, step };
}

const contextOf = (step: ClaimedStep) => ({ step, signal: new AbortController().signal, onStreams: () => {} });
const messagesOf = async (runId: string) =>
  (await prisma.runEvent.findMany({ where: { runId }, orderBy: { id: 'asc' } })).map(({ message }) => message);
const left = async () => [...(await emulator.clusterNames(REGION)), ...(await emulator.roleNames()), ...emulator.addonNames()];

test('a creation that fails for good is told in the words of the cloud, and what there was of it is deleted', async () => {
  const { handler, ...parts } = service();
  const { run, step } = await runThatCreates(parts, 'failing');
  const message = 'Your requested instance count would exceed the limit.';
  emulator.refuse({ operation: 'CreateNodegroup', status: 400, code: 'ResourceLimitExceededException', message });
  const error = await handler.handle(contextOf(step)).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(FatalError);
  expect(error).toMatchObject({ reason: 'QuotaExceeded', message: expect.stringContaining(message) });
  expect(emulator.seen).toContain('EKS CreateCluster');
  expect(await left()).toEqual([]);
  expect(await messagesOf(run.id)).toContain('What was created of the destination is deleted again');
  expect(await parts.created.ofRun(run.id)).toBeUndefined();
});

test('a name that somebody registers while the cluster is created is not taken from them: the cluster goes again', async () => {
  const { handler, ...parts } = service();
  const { run, destination, step } = await runThatCreates(parts, 'wanted');
  const server = 'https://other.example';
  const other = await parts.clusters.create(run.organisationId, { name: destination.name, kubeconfig: '{}', server });
  await expect(handler.handle(contextOf(step))).rejects.toMatchObject({
    kind: 'fatal',
    reason: 'ClusterNameTaken',
    cure: 'Give the new cluster another name.',
  });
  expect(await left()).toEqual([]);
  expect(await parts.clusters.find(run.organisationId, other.id)).toMatchObject({ name: destination.name, server });
});

test('a deletion that fails too is told, and left to the end of the run', async () => {
  const { handler, ...parts } = service();
  const { run, step } = await runThatCreates(parts, 'stuck');
  const refused = { status: 400, code: 'InvalidRequestException', message: 'not now' };
  emulator.refuse({ operation: 'CreateNodegroup', ...refused }, { operation: 'DeleteCluster', ...refused });
  await expect(handler.handle(contextOf(step))).rejects.toMatchObject({
    message: expect.stringContaining('creating node group'),
  });
  expect(await messagesOf(run.id)).toContainEqual(
    expect.stringMatching(/^What was created of the destination could not be deleted: .*not now/),
  );
  expect(await emulator.clusterNames(REGION)).toEqual(['stuck']);
});

test('what a step waits for is seen while it is at work, survives its worker, and is nothing when the step ends', async () => {
  const { observer, ...parts } = service();
  const { run, step } = await runThatCreates(parts, 'waited-for');
  const shown = async () => (await new RunOverviewStore(prisma).steps([run.id]))[0]!.waiting;
  const what = 'EKS cluster waited-for';
  const observe = await observer.of(step);
  await observe({ what, state: 'CREATING' });
  const waiting = await shown();
  expect(waiting).toEqual({ what, state: 'CREATING', since: expect.any(String) });
  await observe({ what, state: 'CREATING' });
  await observe({ what: 'node group', state: 'CREATING' });
  expect(await shown()).toEqual(waiting);

  const ledger = new PostgresStepLedger(prisma);
  await ledger.release(step);
  expect(await shown()).toBeUndefined();
  const next = (await ledger.claim(step.id, 2, 'another'))!;
  await (await observer.of(next))({ what, state: 'UPDATING' });
  expect(await shown()).toEqual({ ...waiting, state: 'UPDATING' });
  // The first one is not heard any more.
  await observe({ what, state: 'ACTIVE', isDone: true });
  expect(await shown()).toEqual({ ...waiting, state: 'UPDATING' });
  await ledger.finish(next, { state: 'Succeeded' });
  expect(await prisma.step.findUniqueOrThrow({ where: { id: step.id } })).toMatchObject({ waiting: null });
});

test('credentials that end soon are renewed; a cluster whose cloud fails keeps its own, is told, and hinders no other', async () => {
  const parts = service();
  const [fit, gone] = [await runThatCreates(parts, 'fit'), await runThatCreates(parts, 'gone')];
  const provider = await parts.access.open(fit.destination.cloudAccountId);
  const signal = new AbortController().signal;
  await provider.ensureCluster(fit.run.id, fit.destination, { signal, observe: () => {} });
  const soon = { server: 'https://127.0.0.1:1', kubeconfig: 'the first', expiresAt: new Date(Date.now() + 2 * MINUTE) };
  const ids: string[] = [];
  for (const { run, destination } of [gone, fit]) ids.push(await parts.created.register(run, destination, soon));
  const later = { ...soon, expiresAt: new Date(Date.now() + 60 * MINUTE) };
  const lasting = await runThatCreates(parts, 'lasting');
  ids.push(await parts.created.register(lasting.run, lasting.destination, later));

  const told: string[] = [];
  const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation((message: unknown) => void told.push(String(message)));
  try {
    const renewer = new CredentialsRenewer(parts.created, parts.access);
    // What failed is left alone for a minute, and tried again then.
    await renewer.renewDue();
    await renewer.renewDue();
    expect(told).toHaveLength(1);
    await renewer.renewDue(new Date(Date.now() + 2 * MINUTE));
  } finally {
    warn.mockRestore();
  }
  const failed = expect.stringMatching(/^the credentials of cluster "gone" could not be renewed: EKS cluster gone is not/);
  expect(told).toEqual([failed, failed]);
  const [ofGone, ofFit, ofLasting] = await Promise.all(
    ids.map(async (id) => {
      const opened = await parts.clusters.openKubeconfig(id);
      const { credentialsExpireAt } = await prisma.cluster.findUniqueOrThrow({ where: { id } });
      return { kubeconfig: opened!.kubeconfig, minutes: (credentialsExpireAt!.getTime() - Date.now()) / MINUTE };
    }),
  );
  expect(ofGone!.kubeconfig).toBe('the first');
  expect(ofLasting!.kubeconfig).toBe('the first');
  expect(ofFit!.kubeconfig).toContain('k8s-aws-v1.');
  expect(ofFit!.minutes).toBeGreaterThan(10);
});
