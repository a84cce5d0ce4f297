import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { PagedApi, type ServedList } from '../../test/paged-api.ts';

jest.setTimeout(180_000);

const PREFLIGHT = fileURLToPath(new URL('../../test/preflight-many.ts', import.meta.url));
const NAMESPACES = 2_000;
const PODS = 20_000;
const DEPLOYMENTS = 5_000;
/** Of the process that looks: a page of each list at a time, and what is kept; all of it as JSON is twice as much. */
const HEAP_MIB = 160;
/** With the API servers of both clusters on the same two cores as well. */
const MOST_SECONDS = 100;

const inNamespace = (name: string, index: number) => ({
  name: `${name}-${index}`,
  namespace: `ns-${index % NAMESPACES}`,
  uid: `${name}-${index}`,
  labels: { app: `app-${index % 100}` },
  // What field managers leave is most of the metadata of a real object.
  managedFields: Array.from({ length: 8 }, (_, field) => ({
    manager: `m${field}`,
    fieldsV1: { 'f:spec': { 'f:x': {}, [`f:${index}`]: {} } },
  })),
});

const podSpec = (index: number) => ({
  // As of an application that belongs to another cluster's pool.
  nodeSelector: { pool: 'blue' },
  containers: [
    {
      name: 'main',
      image: `ghcr.io/shop/app-${index % 100}:1`,
      env: Array.from({ length: 60 }, (_, variable) => ({ name: `VARIABLE_${variable}`, value: `value of ${index}`.repeat(4) })),
      resources: { requests: { cpu: '10m', memory: '16Mi' } },
      livenessProbe: { httpGet: { path: '/', port: 80 } },
    },
  ],
  volumes: [{ name: 'config', configMap: { name: `config-${index}` } }],
});

let api: PagedApi;
let served = 0;

const list = (count: number, object: (index: number) => object): ServedList => ({
  count,
  object: (index) => {
    const one = object(index);
    served += JSON.stringify(one).length;
    return one;
  },
});

const resource = (name: string, kind: string) => ({
  resource: name,
  responseKind: { kind },
  scope: 'Namespaced',
  verbs: ['create', 'get', 'list', 'patch', 'watch', 'delete'],
});
const discovery = (group: string, ...resources: object[]) => ({
  kind: 'APIGroupDiscoveryList',
  items: [{ metadata: { name: group }, versions: [{ version: 'v1', resources }] }],
});
const ANSWERS: Record<string, object> = {
  '/version': { gitVersion: 'v1.34.0' },
  '/api': discovery('', resource('pods', 'Pod'), resource('persistentvolumeclaims', 'PersistentVolumeClaim')),
  '/apis': discovery('apps', resource('deployments', 'Deployment'), resource('replicasets', 'ReplicaSet')),
  '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews': { status: { allowed: true } },
};

beforeAll(async () => {
  const lists = {
    '/api/v1/namespaces': list(NAMESPACES, (index) => ({ metadata: { name: `ns-${index}` } })),
    '/api/v1/nodes': list(500, (index) => ({
      metadata: { name: `node-${index}`, labels: { 'kubernetes.io/arch': 'amd64' } },
      status: {
        allocatable: { cpu: '32', memory: '128Gi', pods: '110' },
        images: [{ names: [`ghcr.io/shop/app-${index % 50}:1`] }],
      },
    })),
    '/api/v1/pods': list(PODS, (index) => ({
      metadata: {
        ...inNamespace('pod', index),
        ownerReferences: [
          { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'rs', uid: `rs-${index % DEPLOYMENTS}`, controller: true },
        ],
      },
      spec: { ...podSpec(index), nodeName: `node-${index % 500}` },
      status: { phase: 'Running' },
    })),
    '/apis/apps/v1/deployments': list(DEPLOYMENTS, (index) => ({
      metadata: inNamespace('web', index),
      spec: { replicas: 4, template: { spec: podSpec(index) } },
    })),
    '/apis/apps/v1/replicasets': list(2 * DEPLOYMENTS, (index) => ({
      metadata: {
        ...inNamespace('rs', index),
        ownerReferences: [
          { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid: `web-${index % DEPLOYMENTS}`, controller: true },
        ],
      },
      spec: { replicas: 4, template: { spec: podSpec(index) } },
    })),
  };
  api = await PagedApi.start(lists, ({ pathname }) => {
    const body = ANSWERS[pathname];
    return body && { status: 200, body };
  });
});
afterAll(() => api.stop());

test(`${NAMESPACES} namespaces with ${PODS} pods are judged in bounded memory and time, and in a bounded number of lines`, async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    `--max-old-space-size=${HEAP_MIB}`,
    '--max-semi-space-size=8',
    '--conditions=source',
    '--experimental-transform-types',
    '--disable-warning=ExperimentalWarning',
    PREFLIGHT,
    api.url,
  ]);
  const result = JSON.parse(stdout) as { seconds: number; told: number; reasons: string[] };
  expect(result).toMatchObject({ workloads: DEPLOYMENTS, pods: PODS });
  expect(result.reasons).toContain('NoNodeSelected');
  expect(result.told).toBeLessThan(50);
  expect(result.seconds).toBeLessThan(MOST_SECONDS);
  expect(served / 2 ** 20).toBeGreaterThan(1.75 * HEAP_MIB);
});
