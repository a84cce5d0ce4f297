import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AksDestination } from '@godwit/contracts/destination';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { AZURE_ACCOUNT, AZURE_FEDERATED_TOKEN, AzureEmulator } from '../../../../tools/testing/clouds/azure-emulator.ts';
import { AzureModel } from '../../../../tools/testing/clouds/azure-model.ts';
import { AZURE_GROUP, AZURE_LOCATION } from '../../../../tools/testing/clouds/azure-resources.ts';
import { describeProvider } from '../testing/provider-conformance.ts';
import { AksProvider } from './aks-provider.ts';

jest.setTimeout(300_000);

const signal = new AbortController().signal;
const RUN = '00000000-0000-4000-8000-0000000000aa';

let emulator: AzureEmulator;
let provider: AksProvider;

const open = (account: object = {}, organisation = 'organisation') =>
  new AksProvider(
    { ...AZURE_ACCOUNT, ...account },
    organisation,
    { pollMs: 1, timeoutMs: 120_000 },
    { authorityHost: emulator.endpoint, resourceManager: emulator.endpoint, ca: emulator.certificates.caBundle },
  );

beforeAll(async () => {
  emulator = await AzureEmulator.start();
  emulator.resources.kubeconfigs = {
    admin: kubeconfig({ 'client-certificate-data': 'Yw==', 'client-key-data': 'aw==' }),
    user: kubeconfig({ exec: { command: 'kubelogin' } }),
  };
  provider = open();
});
afterAll(() => emulator?.stop());

function kubeconfig(user: object): string {
  const cluster = { server: 'https://made.westeurope.azmk8s.io:443', 'certificate-authority-data': 'Y2E=' };
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'made', cluster }],
    users: [{ name: 'someone', user }],
    contexts: [{ name: 'made', context: { cluster: 'made', user: 'someone' } }],
    'current-context': 'made',
  });
}

const aDestination = (more: object = {}): AksDestination =>
  AksDestination.parse({
    type: 'AKS',
    cloudAccountId: '00000000-0000-4000-8000-000000000001',
    name: 'made',
    resourceGroup: AZURE_GROUP,
    location: AZURE_LOCATION,
    version: '1.34',
    nodePools: [
      { name: 'system', vmSize: 'Standard_D4s_v5', zones: ['1', '2'] },
      { name: 'workers', vmSize: 'Standard_D2s_v5', minNodes: 0 },
    ],
    ...more,
  });

const inventory = () =>
  [...emulator.resources.clusters]
    .flatMap(([name, { body, state }]) => [
      `cluster ${name} ${state}`,
      ...body.properties.agentPoolProfiles.map((pool) => `pool ${name}/${pool.name}`),
    ])
    .sort();
const ensure = (destination = aDestination()) => provider.ensureCluster(RUN, destination, { signal, observe: () => {} });

describeProvider('AKS', () => ({
  provider: provider as never,
  destination: aDestination,
  reset: async () => emulator.reset(),
  inventory: async () => inventory(),
  complete: (_, name) => [`cluster ${name} Succeeded`, `pool ${name}/system`, `pool ${name}/workers`],
  creations: () => emulator.seen.filter((request) => request.includes('create')),
  killAfter: (requests, onKill) => emulator.killAfter(requests, onKill),
  revive: () => emulator.revive(),
  refuseForQuota: (message) =>
    emulator.refuse({ operation: 'managed_clusters_create_or_update', status: 400, code: 'QuotaExceeded', message }),
}));

test('an account tells who it is, and exactly which permissions are missing', async () => {
  emulator.reset();
  expect(await provider.checkAccount(signal)).toMatchObject({ state: 'Ready', missingPermissions: [] });
  emulator.resources.permissions = [
    { actions: ['Microsoft.ContainerService/*', '*/read'], notActions: ['Microsoft.ContainerService/managedClusters/delete'] },
  ];
  const missing = ['Microsoft.ContainerService/managedClusters/delete'];
  const status = await provider.checkAccount(signal);
  expect(status).toMatchObject({ state: 'Failed', missingPermissions: missing, problem: { reason: 'PermissionMissing' } });
  expect(status.identity).toContain(AZURE_ACCOUNT.clientId);
});

test.each([
  ['a secret', { clientSecret: 'wrong' }, 'AADSTS7000215'],
  ['a client', { clientId: AZURE_ACCOUNT.tenantId }, 'AADSTS700016'],
  ['a tenant', { tenantId: AZURE_ACCOUNT.clientId }, 'AADSTS90002'],
])('%s that Azure refuses is told as such, without the secret', async (_, account, code) => {
  const error = await open(account)
    .checkAccount(signal)
    .catch((thrown: Error) => thrown);
  expect(error).toMatchObject({ kind: 'fatal', reason: 'CredentialsRefused', message: expect.stringContaining(code) });
  expect((error as Error).message).not.toContain('wrong');
});

test('a service principal without a secret is reached by a token that is for its organisation alone', async () => {
  emulator.reset();
  const directory = mkdtempSync(join(tmpdir(), 'godwit-azure-token-'));
  writeFileSync(join(directory, 'organisation'), AZURE_FEDERATED_TOKEN);
  writeFileSync(join(directory, 'another'), 'a token for another');
  try {
    process.env.GODWIT_FEDERATION_TOKENS = directory;
    expect(await open({ clientSecret: undefined }).checkAccount(signal)).toMatchObject({ state: 'Ready' });
    await expect(open({ clientSecret: undefined }, 'another').checkAccount(signal)).rejects.toMatchObject({
      reason: 'CredentialsRefused',
    });
    expect(() => open({ clientSecret: undefined }, 'a-third')).toThrow(/a-third/);
  } finally {
    delete process.env.GODWIT_FEDERATION_TOKENS;
    rmSync(directory, { recursive: true });
  }
});

test('a destination is held against what the account offers', async () => {
  emulator.reset();
  expect(await provider.validate(aDestination({ subnetId: emulator.resources.subnetId() }), signal)).toEqual([]);
  const unfit = aDestination({
    version: '1.19',
    resourceGroup: 'nowhere',
    subnetId: emulator.resources.subnetId('other'),
    nodePools: [
      { name: 'system', vmSize: 'Standard_B1s', minNodes: 0 },
      { name: 'zoned', vmSize: 'Standard_D2s_v5', zones: ['2', '3'] },
      { name: 'closed', vmSize: 'Standard_NC6' },
    ],
  });
  expect((await provider.validate(unfit, signal)).map(({ path }) => path.join('.'))).toEqual([
    'resourceGroup',
    'subnetId',
    'version',
    'nodePools.0.minNodes',
    'nodePools.0.vmSize',
    'nodePools.1.zones',
    'nodePools.2.vmSize',
  ]);
  expect((await provider.validate(aDestination({ location: 'nowhere' }), signal)).map(({ path }) => path)).toEqual([
    ['location'],
  ]);
});

test('what only a role of the subscription may ask for is not needed; permissions in the group are', async () => {
  emulator.reset();
  emulator.refuse(
    ...['resource_skus_list', 'managed_clusters_list_kubernetes_versions', 'subscriptions_list_locations'].map((operation) => ({
      operation,
      status: 403,
      code: 'AuthorizationFailed',
      message: 'not you',
    })),
  );
  expect(await provider.validate(aDestination(), signal)).toEqual([]);
  const { problems, ...options } = await provider.listOptions(AZURE_LOCATION, signal);
  expect(Object.keys(options)).toEqual(['resourceGroups', 'networks']);
  expect(problems.map(({ reason }) => reason)).toEqual(['PermissionMissing', 'PermissionMissing', 'PermissionMissing']);
  emulator.resources.permissions = [{ actions: ['*/read'], notActions: [] }];
  expect(await provider.validate(aDestination(), signal)).toEqual([
    { path: ['resourceGroup'], message: expect.stringContaining('Microsoft.ContainerService/managedClusters/write') },
  ]);
});

test('there is something to choose from', async () => {
  emulator.reset();
  expect(await provider.listOptions(AZURE_LOCATION, signal)).toEqual({
    regions: [AZURE_LOCATION],
    resourceGroups: [{ name: AZURE_GROUP, location: AZURE_LOCATION }],
    versions: ['1.34', '1.33'],
    instanceTypes: [
      { name: 'Standard_B1s', cpus: 1, memoryGiB: 1, architecture: 'amd64', zones: ['1', '2', '3'] },
      { name: 'Standard_D2s_v5', cpus: 2, memoryGiB: 8, architecture: 'amd64', zones: ['1', '2'] },
      { name: 'Standard_D4s_v5', cpus: 4, memoryGiB: 16, architecture: 'amd64', zones: ['1', '2', '3'] },
    ],
    networks: [
      {
        id: expect.stringMatching(/virtualNetworks\/office$/),
        name: 'office',
        subnets: [{ id: emulator.resources.subnetId(), name: 'nodes', cidr: '10.1.0.0/16' }],
      },
    ],
    problems: [],
  });
});

test('a cluster in a network of the account has networks of its own beside that', async () => {
  emulator.reset();
  await ensure(aDestination({ subnetId: emulator.resources.subnetId() }));
  expect(inventory()).toContain('cluster made Succeeded');
});

test.each([
  ['AllocationFailed', 'Allocation failed. We do not have sufficient capacity.', 'NoCapacity', 'another size'],
  ['ErrCode_InsufficientVCPUQuota', 'Insufficient vcpu quota requested 8, remaining 2.', 'QuotaExceeded', 'quota'],
  ['CreateVMSSAgentPoolFailed', 'Something else went wrong.', 'CreationFailed', 'start the run again'],
])('a creation that ends with %s is told with its reason and a cure, and deleted', async (code, message, reason, cure) => {
  emulator.reset();
  emulator.resources.failure = { code, message };
  await expect(ensure()).rejects.toMatchObject({
    kind: 'fatal',
    reason,
    message: `AKS cluster made is Failed: ${code}: ${message}`,
    cure: expect.stringContaining(cure),
  });
  await provider.deleteCluster(RUN, aDestination(), { signal, observe: () => {} });
  expect(inventory()).toEqual([]);
});

test.each([
  [403, 'AuthorizationFailed', 'PermissionMissing'],
  [400, 'ServiceCidrOverlapExistingSubnetsCidr', 'NetworkUnfit'],
  [409, 'MissingSubscriptionRegistration', 'ProviderNotRegistered'],
  [403, 'RequestDisallowedByPolicy', 'PolicyRefused'],
])('a creation that is refused with %d %s is told as %s', async (status, code, reason) => {
  emulator.reset();
  emulator.refuse({ operation: 'managed_clusters_create_or_update', status, code, message: 'in words of Azure' });
  await expect(ensure()).rejects.toMatchObject({ kind: 'fatal', reason, message: expect.stringContaining('in words of Azure') });
});

test('moments in which Azure is too busy cost nothing', async () => {
  emulator.reset();
  const [operation, message] = ['managed_clusters_create_or_update', 'later'];
  emulator.refuse(
    { operation, status: 429, code: 'TooManyRequests', message, times: 1, headers: { 'retry-after': '1' } },
    { operation, status: 409, code: 'OperationNotAllowed', message, times: 2 },
    {
      operation: 'managed_clusters_get',
      status: 503,
      code: 'ServiceUnavailable',
      message,
      times: 1,
      headers: { 'retry-after': '0' },
    },
  );
  await ensure();
  expect(inventory()).toContain('cluster made Succeeded');
});

test('a creation that is cancelled is deleted once Azure lets it be, and its name is free again', async () => {
  emulator.reset();
  const cancelled = new AbortController();
  const observe = ({ state }: { state: string }) => (state === 'Creating' ? cancelled.abort() : undefined);
  await expect(provider.ensureCluster(RUN, aDestination(), { signal: cancelled.signal, observe })).rejects.toThrow();
  expect(inventory()).toContain('cluster made Creating');
  await provider.deleteCluster(RUN, aDestination(), { signal, observe: () => {} });
  expect(inventory()).toEqual([]);
  await ensure();
  expect(inventory()).toContain('cluster made Succeeded');
});

test('where local accounts are turned off, credentials are a token of Entra ID', async () => {
  emulator.reset();
  await ensure();
  emulator.resources.clusters.get('made')!.body.properties.disableLocalAccounts = true;
  const { kubeconfig: text, expiresAt } = await provider.credentials(aDestination(), signal);
  expect(JSON.parse(text).users[0].user).toEqual({ token: expect.any(String) });
  expect(expiresAt!.getTime()).toBeGreaterThan(Date.now());
});

test('a cluster that is gone has no credentials', async () => {
  emulator.reset();
  await expect(provider.credentials(aDestination(), signal)).rejects.toMatchObject({ reason: 'ClusterGone' });
});

test('every request was one that the published description of Azure has', () => {
  expect(emulator.wrong).toEqual([]);
});

test('a request that the description does not have is found out', async () => {
  const model = await AzureModel.load();
  const at = (path: string) => new URL(path, 'https://management.azure.com');
  const cluster = '/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/c';
  const problemsOf = (method: string, path: string, body?: object) => model.check({ method, url: at(path), body }).problems;
  expect(problemsOf('GET', `${cluster}?api-version=2026-06-01`)).toEqual([]);
  expect(problemsOf('GET', `${cluster}s/more?api-version=2026-06-01`)).toEqual([expect.stringMatching(/^Azure has no GET/)]);
  expect(problemsOf('GET', `${cluster}?api-version=2001-01-01&why=not`)).toEqual([
    expect.stringContaining('not of 2001-01-01'),
    expect.stringContaining('no parameter why'),
  ]);
  const properties = {
    dnsPrefx: 'a',
    fqdn: 'read.only',
    enableRBAC: 'true',
    agentPoolProfiles: [{ name: 'a', count: '2', osType: 'BeOS' }],
    networkProfile: 'azure',
  };
  expect(problemsOf('PUT', `${cluster}?api-version=2026-06-01`, { tags: { a: 1 }, properties })).toEqual([
    'ManagedCluster lacks location',
    'ManagedCluster.tags.a is not of type str',
    'ManagedCluster.properties has no field dnsPrefx',
    'ManagedCluster.properties.fqdn can only be read',
    'ManagedCluster.properties.enableRBAC is not of type bool',
    'ManagedCluster.properties.agentPoolProfiles[0].count is not of type int',
    'ManagedCluster.properties.agentPoolProfiles[0].osType is BeOS, not one of Linux, Windows',
    'ManagedCluster.properties.networkProfile is not a ContainerServiceNetworkProfile',
  ]);
});
