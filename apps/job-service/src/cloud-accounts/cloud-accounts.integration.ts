import { CloudAccountStore } from '@godwit/db/cloud-account-store';
import { CreatedClusterStore } from '@godwit/db/created-cluster-store';
import { PrismaService } from '@godwit/db/prisma.service';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Api, migration, NO_ID, type Registered } from '../../test/api.ts';
import { cloudAccount, eksDestination, SECRET_KEY } from '../../test/samples.ts';
import { startTestApp, type TestApp } from '../../test/test-app.ts';

jest.setTimeout(60_000);

let service: TestApp;
let api: Api;
let registered: Registered;

beforeAll(async () => {
  service = await startTestApp(13);
  api = new Api(service.url);
  registered = await api.register('cloud');
});
afterAll(() => service.stop());

const get = <T>(type: new (...args: never[]) => T): T => service.app.get(type, { strict: false });
const createdIn = (cloudAccountId: string, more: object = {}) => ({
  ...migration('to the cloud', registered),
  destination: { ...eksDestination(cloudAccountId), ...more },
});

test('an account is registered, though nobody could try it; read, replaced and forgotten', async () => {
  const { body } = await api.post('/cloud-accounts', cloudAccount('first')).expect(201);
  const problem = { severity: 'warning', reason: 'NoAnswer', message: 'provisioner-service did not answer within 1 s' };
  expect(body).toMatchObject({ name: 'first', provider: 'AWS', identity: 'access key AKIAABCDEFGHIJKLMNOP' });
  expect(body.status).toMatchObject({ state: 'Unknown', problem });
  const { status: asked, ...view } = body;
  expect((await api.get('/cloud-accounts').expect(200)).body.items).toEqual([view]);
  expect((await api.get(`/cloud-accounts/${body.id}`).expect(200)).body).toEqual(view);
  expect((await api.get(`/cloud-accounts/${body.id}/status`).expect(200)).body).toEqual(asked);
  const options = await api.get(`/cloud-accounts/${body.id}/options?region=eu-west-1`).expect(503);
  expect(options.body).toMatchObject({ reason: problem.reason, title: problem.message });

  const role = { roleArn: 'arn:aws:iam::123456789012:role/godwit', externalId: 'ours' };
  const { body: replaced } = await api.put(`/cloud-accounts/${body.id}`, cloudAccount('second', role)).expect(200);
  expect(replaced).toMatchObject({ name: 'second', identity: role.roleArn });
  const opened = await get(CloudAccountStore).open(body.id);
  expect(opened).toMatchObject({ name: 'second', credentials: { ...role, secretAccessKey: SECRET_KEY } });
  const row = await get(PrismaService).cloudAccount.findUniqueOrThrow({ where: { id: body.id } });
  expect(Buffer.from(row.sealedCredentials).toString('latin1')).not.toContain(SECRET_KEY);

  await api.delete(`/cloud-accounts/${body.id}`).expect(204);
  await api.get(`/cloud-accounts/${body.id}`).expect(404);
});

const NAMESPACE = '6c5f0f9e-35b4-4d9f-8f0a-0b5c7b6a2a11';
const azure = { provider: 'Azure', tenantId: NAMESPACE, subscriptionId: NAMESPACE, clientId: NAMESPACE };
const gcp = { provider: 'GCP', projectId: 'a-project', serviceAccountEmail: 'g@a-project.iam.gserviceaccount.com' };
const KEY = '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n';

test('an account stays where its clusters are', async () => {
  const body = { name: 'stays', credentials: { ...gcp, privateKey: KEY } };
  const id = await api.idOf(api.post('/cloud-accounts', body));
  const moved = { ...body, credentials: { ...body.credentials, projectId: 'another-project' } };
  const { body: problem } = await api.put(`/cloud-accounts/${id}`, moved).expect(422);
  expect(problem.errors).toMatchObject([{ path: ['credentials', 'projectId'] }]);
  await api.put(`/cloud-accounts/${id}`, { ...body, name: 'renamed' }).expect(200);
});

test.each([
  ['a principal of Azure', azure],
  ['one with its secret', { ...azure, clientSecret: 's' }],
  ['an account of Google Cloud', { ...gcp, privateKey: KEY }],
  ['a role of AWS alone', { provider: 'AWS', roleArn: 'arn:aws:iam::123456789012:role/godwit' }],
])('%s is taken', async (name, credentials) => {
  const id = await api.idOf(api.post('/cloud-accounts', { name, credentials }));
  await api.delete(`/cloud-accounts/${id}`).expect(204);
});

test.each([
  [{ provider: 'AWS' }, ['accessKeyId']],
  [{ provider: 'AWS', accessKeyId: 'AKIAABCDEFGHIJKLMNOP' }, ['secretAccessKey']],
  [{ provider: 'AWS', roleArn: 'godwit' }, ['roleArn']],
  [{ ...cloudAccount('a').credentials, externalId: 'x' }, ['externalId']],
  [{ ...azure, tenantId: 'x' }, ['tenantId']],
  [{ ...gcp }, ['privateKey']],
  // What a key file of Google may hold beside its key would run or read on our side.
  [{ ...gcp, privateKey: KEY, credential_source: { executable: {} } }, ['credential_source']],
  [{ provider: 'OVH' }, ['provider']],
])('wrong credentials are named: %j', async (credentials, path) => {
  const { body } = await api.post('/cloud-accounts', { name: 'wrong', credentials }).expect(400);
  expect(body.errors[0].path).toEqual(['credentials', ...path]);
});

test('an account keeps its provider, and its name is taken once', async () => {
  const id = await api.idOf(api.post('/cloud-accounts', cloudAccount('one')));
  const { body } = await api.put(`/cloud-accounts/${id}`, { name: 'one', credentials: azure }).expect(422);
  expect(body.errors).toMatchObject([{ path: ['credentials', 'provider'] }]);
  expect((await api.post('/cloud-accounts', cloudAccount('one')).expect(409)).body.errors).toMatchObject([{ path: ['name'] }]);
});

test('what a migration, a run or a created cluster needs is not forgotten', async () => {
  const id = await api.idOf(api.post('/cloud-accounts', cloudAccount('needed')));
  const definition = createdIn(id);
  const organisationId = (await get(PrismaService).cloudAccount.findUniqueOrThrow({ where: { id } })).organisationId;
  const { id: runId } = await get(PrismaService).run.create({
    data: {
      organisationId,
      definition,
      sourceClusterId: registered.source,
      storage: { type: 'ObjectStore', objectStoreId: registered.store },
      sealedArchiveKey: new Uint8Array(1),
    },
  });
  const refusal = async () => (await api.delete(`/cloud-accounts/${id}`).expect(409)).body.title;
  expect(await refusal()).toContain('1 unfinished run;');
  const access = { server: 'https://eks.example', kubeconfig: 'k', expiresAt: new Date() };
  const clusters = get(CreatedClusterStore);
  const cluster = await clusters.register({ id: runId, organisationId }, definition.destination, access);
  expect(await clusters.register({ id: runId, organisationId }, definition.destination, access)).toBe(cluster);
  await get(PrismaService).run.update({ where: { id: runId }, data: { phase: 'Succeeded' } });
  expect(await refusal()).toContain('cluster "made"');
  expect((await api.get(`/clusters/${cluster}`).expect(200)).body).toMatchObject({ name: 'made', provider: 'EKS' });
  await clusters.forget(runId);
  await api.delete(`/cloud-accounts/${id}`).expect(204);
});

test('a destination that is to be created has to be of an account that can create it', async () => {
  const aws = await api.idOf(api.post('/cloud-accounts', cloudAccount('aws')));
  const wrong = async (body: object, status = 422) => (await api.post('/migrations', body).expect(status)).body.errors;
  expect(await wrong(createdIn(aws, { subnetIds: ['subnet-0a1b2c3d'] }), 400)).toMatchObject([
    { path: ['destination', 'subnetIds'] },
  ]);
  const [pool] = eksDestination(aws).nodePools;
  expect(await wrong(createdIn(aws, { nodePools: [{ ...pool, nodes: 9 }, pool] }), 400)).toMatchObject([
    { path: ['destination', 'nodePools', 0, 'nodes'] },
    { path: ['destination', 'nodePools', 1, 'name'] },
  ]);
  const other = await api.idOf(api.post('/cloud-accounts', { name: 'azure', credentials: azure }));
  expect(await wrong(createdIn(other))).toMatchObject([{ path: ['destination', 'cloudAccountId'] }]);
  expect(await wrong(createdIn(NO_ID))).toMatchObject([{ path: ['destination', 'cloudAccountId'] }]);
  const gke = { type: 'GKE', cloudAccountId: aws, name: 'made', location: 'europe-west1', version: '1.34' };
  const nodePools = [{ name: 'nodes', machineType: 'e2-standard-4' }];
  const ofGke = { ...migration('to the cloud', registered), destination: { ...gke, nodePools } };
  expect(await wrong(ofGke)).toMatchObject([
    { path: ['destination', 'cloudAccountId'], message: expect.stringContaining('GKE needs one of GCP') },
  ]);
  const saved = await api.idOf(api.post('/migrations', createdIn(aws, { name: 'cloud-source' })));
  const { body: taken } = await api.post(`/migrations/${saved}/runs`).expect(422);
  expect(taken.errors).toMatchObject([{ path: ['destination', 'name'] }]);
});

test('what needs a destination that is there is refused for one that is to be created, with what to do instead', async () => {
  const aws = await api.idOf(api.post('/cloud-accounts', cloudAccount('later')));
  const id = await api.idOf(api.post('/migrations', { ...createdIn(aws, { name: 'not-there' }), name: 'later' }));
  for (const [path, body, cure] of [
    [`/migrations/${id}/runs`, { kind: 'Stage' }, /stage and cut over to one that is there/],
    [`/migrations/${id}/runs`, { kind: 'CutOver' }, /stage and cut over to one that is there/],
    [`/migrations/${id}/previews`, undefined, /preview with a registered one, or start the run/],
    ['/previews', createdIn(aws), /preview with a registered one, or start the run/],
  ] as const) {
    const { body: refused } = await api.post(path, body).expect(422);
    expect(refused.errors).toEqual([{ path: ['destination', 'type'], message: expect.stringMatching(cure) }]);
  }
  expect((await api.get(`/runs?migrationId=${id}`).expect(200)).body.items).toEqual([]);
});

test('a suggestion is asked for with a source and a region; that nobody answers is told', async () => {
  const aws = await api.idOf(api.post('/cloud-accounts', cloudAccount('suggests')));
  const path = (more: string) => `/cloud-accounts/${aws}/suggestion?${more}`;
  const source = `sourceClusterId=${registered.source}`;
  expect((await api.get(path(source)).expect(400)).body.errors).toMatchObject([{ path: ['region'] }]);
  expect((await api.get(path('region=eu-central-1')).expect(400)).body.errors).toMatchObject([{ path: ['sourceClusterId'] }]);
  await api.get(path(`region=eu-central-1&sourceClusterId=${NO_ID}`)).expect(404);
  const { body } = await api.get(path(`region=eu-central-1&${source}`)).expect(503);
  expect(body.title).toContain('-service did not answer');
});

test('an id that is none, or that nothing has', async () => {
  for (const [status, id] of [
    [400, 'x'],
    [404, NO_ID],
  ] as const) {
    await api.get(`/cloud-accounts/${id}`).expect(status);
    await api.get(`/cloud-accounts/${id}/status`).expect(status);
    await api.get(`/cloud-accounts/${id}/options`).expect(status);
    await api.put(`/cloud-accounts/${id}`, cloudAccount('a')).expect(status);
    await api.delete(`/cloud-accounts/${id}`).expect(status);
  }
});
