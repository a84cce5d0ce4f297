import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { runTestbed } from '../tools/demo/kubectl.ts';
import { ensureHelmBinary } from '../tools/infra/helm-binary.ts';
import { TestCluster } from './support/cluster.ts';

jest.setTimeout(300_000);

const CHART = new URL('../k8s/godwit', import.meta.url).pathname;
/** Helm takes that of the library it is built with, which a build by `go install` does not know. */
const KUBE_VERSION = '1.37.0';
const NAMESPACE = 'e2e-chart';
const cluster = new TestCluster('source');
const directory = mkdtempSync(join(tmpdir(), 'godwit-chart-'));

let helm: string;

beforeAll(async () => {
  helm = await ensureHelmBinary();
  await cluster.deleteNamespaces(NAMESPACE);
  const labels = { 'pod-security.kubernetes.io/enforce': 'restricted', 'pod-security.kubernetes.io/warn': 'restricted' };
  await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE, labels } });
});

afterAll(async () => {
  rmSync(directory, { recursive: true, force: true });
  await cluster.deleteNamespaces(NAMESPACE);
});

async function environmentOf(service: string, values: object): Promise<Record<string, string | undefined>> {
  const manifests = parseAllDocuments(await render({ ...REQUIRED, ...values })).map((document) => document.toJS());
  const deployment = manifests.find((found) => found?.kind === 'Deployment' && found.metadata.name === `godwit-${service}`);
  const { env } = deployment.spec.template.spec.containers[0];
  return Object.fromEntries(env.map(({ name, value }: { name: string; value?: string }) => [name, value]));
}

async function render(values: object): Promise<string> {
  const file = join(directory, 'values.json');
  writeFileSync(file, JSON.stringify(values));
  const { stdout } = await promisify(execFile)(helm, [
    'template',
    'godwit',
    CHART,
    '--kube-version',
    KUBE_VERSION,
    '--namespace',
    NAMESPACE,
    '--values',
    file,
  ]);
  return stdout;
}

const REQUIRED = {
  image: { repository: 'registry.example.com/godwit' },
  existingSecret: 'godwit-secrets',
};

test('the chart is clean by helm lint', async () => {
  const file = join(directory, 'lint.json');
  writeFileSync(file, JSON.stringify(REQUIRED));
  const { stdout } = await promisify(execFile)(helm, [
    'lint',
    '--strict',
    CHART,
    '--kube-version',
    KUBE_VERSION,
    '--values',
    file,
  ]);
  expect(stdout).toContain('0 chart(s) failed');
});

test.each([
  ['with the least that it needs', {}],
  [
    'with replicas, autoscaling by CPU and a policy for Prometheus',
    {
      jobService: { allowUnauthenticated: true, replicas: 2, allowedHosts: ['godwit.example.com'] },
      dataMoverService: { autoscaling: { type: 'cpu' } },
      managedStorage: { existingSecret: 'godwit-managed-storage' },
      networkPolicy: { metrics: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } } }] },
    },
  ],
  [
    'with secrets of its own',
    {
      existingSecret: '',
      secrets: {
        databaseUrl: 'postgresql://a:b@db/godwit',
        redisUrl: 'redis://redis:6379',
        masterKey: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=',
      },
    },
  ],
])('a real API server takes all of it %s, under the Pod Security level "restricted"', async (_name, values) => {
  const manifests = await render({ ...REQUIRED, ...values });
  const applied = await runTestbed(['kubectl', 'source', 'apply', '--dry-run=server', '--warnings-as-errors', '-f', '-'], {
    input: manifests,
  });
  for (const service of ['job', 'snapshot', 'data-mover', 'provisioner', 'restore'])
    expect(applied).toContain(`deployment.apps/godwit-${service}-service created`);
  expect(applied).toContain('job.batch/godwit-migrate-database created');
});

test.each([
  [{}, { GODWIT_AUTHENTICATION: 'required', GODWIT_ALLOW_UNAUTHENTICATED: 'false' }],
  [{ allowUnauthenticated: true }, { GODWIT_AUTHENTICATION: 'none', GODWIT_ALLOW_UNAUTHENTICATED: 'true' }],
  [
    { oidc: { issuer: 'https://id.example.com', audience: 'godwit', organisationClaim: 'org' } },
    { GODWIT_AUTHENTICATION: 'required', GODWIT_OIDC_ISSUER: 'https://id.example.com', GODWIT_OIDC_ORGANISATION_CLAIM: 'org' },
  ],
])('callers are asked who they are unless it is said outright that they are not: %j', async (jobService, expected) => {
  expect(await environmentOf('job-service', { jobService })).toMatchObject(expected);
});

test('the services that reach clusters and object stores know where these may be', async () => {
  const endpointNetworks = { allowed: ['127.0.0.0/8'], denied: ['10.0.0.0/8', 'fd00::/8'] };
  for (const service of ['job', 'snapshot', 'data-mover', 'provisioner', 'restore']) {
    const environment = await environmentOf(`${service}-service`, { endpointNetworks });
    const networks = { GODWIT_ENDPOINT_NETWORKS: '127.0.0.0/8', GODWIT_ENDPOINT_DENIED_NETWORKS: '10.0.0.0/8,fd00::/8' };
    expect(environment).toMatchObject(networks);
  }
});

test.each([
  ['no secrets', { existingSecret: '' }, /set existingSecret to the name of a Secret/],
  [
    'only some of the secrets',
    { existingSecret: '', secrets: { redisUrl: 'redis://redis' } },
    /secrets.databaseUrl, secrets.masterKey not set/,
  ],
  [
    'an issuer whose tokens may be meant for others',
    { jobService: { oidc: { issuer: 'https://id.example.com' } } },
    /oidc.audience/,
  ],
  ['no image', { image: { repository: '' } }, /repository/],
  ['a log level that is none', { logLevel: 'loud' }, /logLevel/],
  ['a value that it does not know', { replicaCount: 3 }, /replicaCount/],
])('%s is refused with a message that says what to do', async (_name, values, message) => {
  await expect(render({ ...REQUIRED, ...values })).rejects.toThrow(message);
});
