import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import type { GcpCredentials } from '@godwit/contracts/cloud-accounts';
import { GkeDestination } from '@godwit/contracts/destination';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { DiscoveryDocument } from '../../../../tools/testing/clouds/discovery-document.ts';
import { GcpEmulator } from '../../../../tools/testing/clouds/gcp-emulator.ts';
import type { Observation } from '../cluster-provider.ts';
import { describeProvider } from '../testing/provider-conformance.ts';
import { NEEDED_PERMISSIONS } from './check-gcp-account.ts';
import { GkeProvider } from './gke-provider.ts';

jest.setTimeout(300_000);

const ORGANISATION = 'organisation';
const RUN = '00000000-0000-4000-8000-0000000000aa';
const CREATE = 'container.projects.locations.clusters.create';
const signal = new AbortController().signal;
const call = { signal, observe: () => {} };
const envBefore = { ...process.env };

let emulator: GcpEmulator;
let provider: GkeProvider;

const destination = GkeDestination.parse({
  type: 'GKE',
  cloudAccountId: '00000000-0000-4000-8000-000000000001',
  name: 'made',
  location: 'europe-west1',
  version: '1.34',
  serviceAccount: 'nodes@a-project.iam.gserviceaccount.com',
  nodePools: [
    { name: 'workers', machineType: 'e2-standard-4' },
    { name: 'arms', machineType: 't2a-standard-2' },
  ],
});
const inventory = async () => emulator.clusters.names().sort();
const open = (account: Partial<GcpCredentials> = {}) =>
  new GkeProvider({ ...emulator.credentials, ...account }, ORGANISATION, { pollMs: 1, timeoutMs: 120_000 });

beforeAll(async () => {
  emulator = await GcpEmulator.start();
  Object.assign(process.env, emulator.env);
  provider = open();
});
afterAll(() => {
  process.env = envBefore;
  emulator?.stop();
});

describeProvider('GKE', () => ({
  provider: provider as never,
  destination: () => destination,
  reset: async () => emulator.reset(),
  inventory,
  complete: (_, name) => [`cluster ${name}`, `node pool ${name}/arms`, `node pool ${name}/workers`],
  creations: () => emulator.seen.filter((request) => request === CREATE),
  killAfter: (requests, onKill) => emulator.killAfter(requests, onKill),
  revive: () => emulator.revive(),
  refuseForQuota: (text) =>
    emulator.refuse({
      operation: CREATE,
      status: 403,
      code: 'PERMISSION_DENIED',
      message: `Insufficient regional quota. ${text}`,
    }),
}));

describe('GKE', () => {
  beforeEach(() => emulator.reset());

  test('an account tells who it is, and exactly which permissions are missing', async () => {
    expect(await provider.checkAccount(signal)).toEqual({
      state: 'Ready',
      identity: emulator.identity.email,
      missingPermissions: [],
    });
    emulator.project.denied = ['container.clusters.create', 'container.pods.exec'];
    expect(NEEDED_PERMISSIONS).toEqual(expect.arrayContaining(emulator.project.denied));
    expect(await provider.checkAccount(signal)).toMatchObject({
      state: 'Failed',
      missingPermissions: emulator.project.denied,
      problem: { reason: 'PermissionMissing', message: expect.stringContaining('container.pods.exec') },
    });
  });

  test('permissions that may not be asked for are not claimed to be there', async () => {
    const message = 'Cloud Resource Manager API has not been used in project 1 before or it is disabled.';
    emulator.refuse({
      operation: 'cloudresourcemanager.projects.testIamPermissions',
      status: 403,
      code: 'PERMISSION_DENIED',
      message,
    });
    expect(await provider.checkAccount(signal)).toMatchObject({ state: 'Ready', problem: { reason: 'PermissionsUnknown' } });
  });

  test('a key that is not of the account is refused, and is told nowhere', async () => {
    const other = await GcpEmulator.start();
    const { privateKey } = other.credentials;
    other.stop();
    const error = await open({ privateKey })
      .checkAccount(signal)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      kind: 'fatal',
      reason: 'CredentialsRefused',
      message: expect.stringContaining('invalid_grant'),
    });
    const told = inspect(error, { depth: null });
    for (const secret of [privateKey.split('\n')[1]!, 'eyJhbGci']) expect(told).not.toContain(secret);
  });

  test('without a key it acts by a token that is meant for the organisation alone', async () => {
    const tokens = mkdtempSync(join(tmpdir(), 'godwit-federation-'));
    try {
      const federated = open({ privateKey: undefined, workloadIdentityProvider: emulator.identity.pool });
      await expect(federated.checkAccount(signal)).rejects.toMatchObject({ kind: 'fatal', reason: 'FederationNotSetUp' });
      process.env.GODWIT_FEDERATION_TOKENS = tokens;
      writeFileSync(join(tokens, ORGANISATION), await emulator.identity.subjectToken(ORGANISATION));
      expect(await federated.checkAccount(signal)).toMatchObject({ state: 'Ready', missingPermissions: [] });
      await federated.ensureCluster(RUN, destination, call);
      const { expiresAt } = await federated.credentials(destination, signal);
      expect(expiresAt!.getTime()).toBeGreaterThan(Date.now() + 50 * 60_000);
      writeFileSync(join(tokens, ORGANISATION), await emulator.identity.subjectToken('another-organisation'));
      await expect(federated.checkAccount(signal)).rejects.toMatchObject({ kind: 'fatal', reason: 'CredentialsRefused' });
    } finally {
      delete process.env.GODWIT_FEDERATION_TOKENS;
      rmSync(tokens, { recursive: true, force: true });
    }
  });

  test('a destination is held against what the account offers', async () => {
    const paths = async (changes: object) =>
      (await provider.validate({ ...destination, ...changes }, signal)).map(({ path }) => path.join('.'));
    expect(await paths({})).toEqual([]);
    expect(await paths({ location: 'europe-west1-c', network: 'own', subnetwork: 'own-europe-west1' })).toEqual([]);
    expect(await paths({ location: 'mars-north1' })).toEqual(['location']);
    expect(await paths({ location: 'europe-west1-x' })).toEqual(['location']);
    expect(await paths({ network: 'own' })).toEqual(['subnetwork']);
    expect(await paths({ subnetwork: 'own-europe-west1' })).toEqual(['subnetwork']);
    const unfit = {
      version: '1.19',
      network: 'nowhere',
      serviceAccount: emulator.project.lockedAccount,
      nodePools: [destination.nodePools[0]!, { ...destination.nodePools[1]!, machineType: 'z9-huge' }],
    };
    expect(await paths(unfit)).toEqual(['version', 'nodePools.1.machineType', 'network', 'serviceAccount']);
  });

  test('there is something to choose from, and what may not be asked does not hide the rest', async () => {
    const all = await provider.listOptions('europe-west1', signal);
    expect(all).toEqual({
      regions: expect.arrayContaining(['europe-west1', 'europe-west1-b', 'us-central1']),
      versions: ['1.34', '1.33', '1.32'],
      instanceTypes: [
        { name: 'e2-standard-4', cpus: 4, memoryGiB: 16, architecture: 'amd64' },
        { name: 't2a-standard-2', cpus: 2, memoryGiB: 8, architecture: 'arm64' },
      ],
      networks: [
        { id: 'default', subnets: [{ id: 'default-europe-west1', zone: 'europe-west1', cidr: '10.0.0.0/20' }] },
        { id: 'own', subnets: [{ id: 'own-europe-west1', zone: 'europe-west1', cidr: '10.0.0.0/20' }] },
      ],
      nodeRoles: [emulator.project.lockedAccount, emulator.project.nodeAccount],
      problems: [],
    });
    emulator.refuse({
      operation: 'compute.networks.list',
      status: 403,
      code: 'PERMISSION_DENIED',
      message: "Required 'compute.networks.list' permission",
    });
    const { networks, problems, ...rest } = await provider.listOptions('europe-west1', signal);
    expect(networks).toBeUndefined();
    expect(problems).toMatchObject([{ reason: 'PermissionMissing', message: expect.stringContaining('compute.networks.list') }]);
    expect(rest.instanceTypes).toEqual(all.instanceTypes);
  });

  test('a creation tells how far its operation is', async () => {
    emulator.clusters.slowness = 3;
    const seen: Observation[] = [];
    await provider.ensureCluster(RUN, destination, { signal, observe: (observation) => void seen.push(observation) });
    expect(seen.map(({ state }) => state)).toContainEqual('PROVISIONING: RUNNING (CLUSTER_DEPLOYING 2 of 3)');
  });

  test('a creation that fails for want of machines is told in its own words with a cure, and deleted', async () => {
    const message =
      "[GCE_STOCKOUT]: Instance creation failed: The zone 'europe-west1-b' does not have enough resources available.";
    emulator.clusters.creationError = { code: 8, message };
    await expect(provider.ensureCluster(RUN, destination, call)).rejects.toMatchObject({
      kind: 'fatal',
      reason: 'NoCapacity',
      message: expect.stringContaining(message),
      cure: expect.stringContaining('zone'),
    });
    expect(await inventory()).toContain('cluster made');
    await provider.deleteCluster(RUN, destination, call);
    expect(await inventory()).toEqual([]);
  });

  test('a deletion waits for the creation that is still going on', async () => {
    emulator.clusters.slowness = 4;
    const controller = new AbortController();
    const observe = ({ state }: Observation) => {
      if (state.startsWith('PROVISIONING')) controller.abort(new Error('cancelled'));
    };
    await expect(provider.ensureCluster(RUN, destination, { signal: controller.signal, observe })).rejects.toThrow();
    expect(await inventory()).not.toEqual([]);
    const seen: Observation[] = [];
    await provider.deleteCluster(RUN, destination, { signal, observe: (observation) => void seen.push(observation) });
    expect(seen.map(({ state }) => state)).toContain('PROVISIONING, and cannot be deleted yet');
    expect(await inventory()).toEqual([]);
  });

  test.each([
    [429, 'RESOURCE_EXHAUSTED', "Quota exceeded for quota metric 'Requests' and limit 'Requests per minute'"],
    [503, 'UNAVAILABLE', 'The service is currently unavailable.'],
  ])('a moment in which Google answers %d costs nothing', async (status, code, message) => {
    emulator.refuse(
      { operation: CREATE, status, code, message, times: 2 },
      { operation: 'container.projects.locations.clusters.get', status, code, message, times: 1 },
    );
    await provider.ensureCluster(RUN, destination, call);
    expect(await inventory()).toContain('cluster made');
  });

  test('a permission that is missing, and a network that is full, are told with a cure', async () => {
    emulator.refuse({
      operation: CREATE,
      status: 403,
      code: 'PERMISSION_DENIED',
      message: 'Required "container.clusters.create" permission(s)',
    });
    const error = await provider.ensureCluster(RUN, destination, call).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ reason: 'PermissionMissing', message: expect.stringContaining('container.clusters.create') });
    expect(inspect(error, { depth: null })).not.toContain('ya29.');
    const message =
      'The network "default" does not have available private IP space in 10.0.0.0/8 to reserve a /14 block for pods';
    emulator.refuse({ operation: CREATE, status: 400, code: 'INVALID_ARGUMENT', message });
    await expect(provider.ensureCluster(RUN, destination, call)).rejects.toMatchObject({ reason: 'NetworkUnfit' });
  });
});

test('every request was one that the published descriptions of the services know', () => {
  expect(emulator.wrong).toEqual([]);
});

test('the descriptions know what is wrong with a request', async () => {
  const { 'container.v1': container } = await DiscoveryDocument.readAll();
  const path = '/v1/projects/p/locations/l/clusters';
  const check = (body: object, query = '') =>
    container.check({ method: 'POST', path, query: new URLSearchParams(query), body }).problems;
  expect(check({ cluster: { name: 'x', nodePools: [{ initialNodeCount: 1 }] } }, '$alt=json')).toEqual([]);
  const cluster = { nmae: 'x', status: 'RUNNING', releaseChannel: { channel: 'ODD' }, nodePools: [{ initialNodeCount: '1' }] };
  expect(check({ cluster }, 'evil=1')).toEqual([
    'container.projects.locations.clusters.create has no parameter evil',
    'container.projects.locations.clusters.create.cluster has no field nmae',
    'container.projects.locations.clusters.create.cluster tells status, which only the service tells',
    expect.stringContaining('releaseChannel.channel is "ODD", not one of'),
    'container.projects.locations.clusters.create.cluster.nodePools[0].initialNodeCount is not a whole number',
  ]);
  expect(container.check({ method: 'PATCH', path, query: new URLSearchParams() })).toMatchObject({ operation: undefined });
});
