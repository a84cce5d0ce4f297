import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { SECRET } from '@godwit/kube/resource-type';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { PagedApi } from '../../test/paged-api.ts';

jest.setTimeout(120_000);

const CAPTURE = fileURLToPath(new URL('../../test/capture-many.ts', import.meta.url));
const type = (kind: string, plural: string) => ({ ...SECRET, kind, plural, verbs: ['create', 'list'] });
const TYPES = [type('Secret', 'secrets'), type('ConfigMap', 'configmaps'), type('Pod', 'pods')];
const EACH = 12_000;
/** Of the process that captures: as JSON alone the objects are almost twice as much, and as what JSON is parsed to many times. */
const HEAP_MIB = 96;

/** Some 5 KB each: as much as a small Deployment has with its managed fields. */
const object = (kind: string, name: string, index: number, more: object) => ({
  metadata: {
    name,
    namespace: 'shop',
    uid: `${kind}-${index}`,
    resourceVersion: String(index),
    labels: { app: index % 2 ? 'web' : 'other', 'app.kubernetes.io/instance': `release-${index % 100}` },
    managedFields: Array.from({ length: 24 }, (_, field) => ({
      manager: `manager-${field}-${(index * 2654435761) % 4294967296}`,
      operation: 'Update',
      fieldsV1: {
        'f:metadata': { 'f:labels': { '.': {}, 'f:app': {}, [`f:label-${field}`]: {} } },
        'f:data': { [`f:${index}`]: {} },
      },
      time: '2026-01-01T00:00:00Z',
    })),
  },
  ...more,
});

let api: PagedApi;
/** Bytes of JSON that are served. */
let served = 0;

beforeAll(async () => {
  const list = (kind: string, more: (index: number) => object) => {
    served += EACH * JSON.stringify(object(kind, 'n10000', 10_000, more(10_000))).length;
    return {
      count: EACH,
      object: (index: number) => object(kind, `n${index}`, index, more(index)),
    };
  };
  api = await PagedApi.start({
    '/api/v1/namespaces/shop/secrets': list('Secret', (index) => ({
      data: { password: Buffer.from(`p${index}`.repeat(80)).toString('base64') },
    })),
    '/api/v1/namespaces/shop/configmaps': list('ConfigMap', (index) => ({ data: { settings: `line ${index}\n`.repeat(80) } })),
    '/api/v1/namespaces/shop/pods': list('Pod', (index) => ({
      spec: {
        containers: [
          {
            name: 'main',
            image: 'web',
            envFrom: [{ configMapRef: { name: `n${index}` } }, { secretRef: { name: `n${index + 1}` } }],
          },
        ],
        volumes: Array.from({ length: 4 }, (_, volume) => ({ name: `v${volume}`, secret: { secretName: `n${index + volume}` } })),
      },
      status: {
        phase: 'Running',
        conditions: Array.from({ length: 5 }, () => ({ type: 'Ready', status: 'True', message: 'x'.repeat(60) })),
      },
    })),
  });
});
afterAll(() => api.stop());

test(`memory stays flat while ${3 * EACH} objects are captured`, async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    `--max-old-space-size=${HEAP_MIB}`,
    '--max-semi-space-size=8',
    '--conditions=source',
    '--experimental-transform-types',
    '--disable-warning=ExperimentalWarning',
    CAPTURE,
    api.url,
    JSON.stringify(TYPES),
    JSON.stringify(['shop']),
  ]);
  const result = JSON.parse(stdout) as { objects: number; along: number };
  // Every other one has the label; the pods of these need the Secrets of the others, but for the first and one that is not there.
  expect(result).toMatchObject({ objects: 2 * EACH - 1, along: EACH / 2 - 1 });
  expect(served / 2 ** 20).toBeGreaterThan(1.75 * HEAP_MIB);
});
