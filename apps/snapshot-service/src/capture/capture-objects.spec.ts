import { randomBytes } from 'node:crypto';
import { Selection } from '@godwit/contracts/migration-definition';
import type { CapturedObject } from '@godwit/contracts/step-outputs';
import type { ResourceType } from '@godwit/kube/resource-type';
import { readSelection } from '@godwit/selection/selection-criteria';
import { APPLY_TIERS } from '@godwit/transforms/apply-tiers';
import { openBlob } from '@godwit/volume-archive/seal';
import { expect, test } from '@jest/globals';
import { clientOf, PagedApi } from '../../test/paged-api.ts';
import { captureObjects } from './capture-objects.ts';
import { Spool } from './spool.ts';

const type = (group: string, kind: string, plural: string, namespaced = true): ResourceType => ({
  group,
  version: 'v1',
  kind,
  plural,
  namespaced,
  shortNames: [],
  verbs: ['create', 'list'],
});
const TYPES = [
  type('', 'Namespace', 'namespaces', false),
  type('', 'Secret', 'secrets'),
  type('', 'Event', 'events'),
  type('', 'PersistentVolumeClaim', 'persistentvolumeclaims'),
  type('apps', 'Deployment', 'deployments'),
];
const secret = (name: string) => ({ envFrom: [{ secretRef: { name } }] });
const OBJECTS: Record<string, object[]> = {
  '/api/v1/namespaces': [{ metadata: { name: 'shop' } }, { metadata: { name: 'other' } }],
  '/api/v1/namespaces/shop/secrets': ['login', 'other'].map((name) => ({
    metadata: { name, namespace: 'shop' },
    data: { p: '🔑' },
  })),
  '/api/v1/namespaces/shop/persistentvolumeclaims': ['moving', 'new'].map((name) => ({ metadata: { name, namespace: 'shop' } })),
  '/apis/apps/v1/namespaces/shop/deployments': [
    {
      metadata: { name: 'web', namespace: 'shop', labels: { app: 'web' } },
      spec: {
        template: {
          spec: {
            containers: [secret('login')],
            volumes: ['moving', 'new'].map((claimName) => ({ persistentVolumeClaim: { claimName } })),
          },
        },
      },
    },
  ],
};

test('what is chosen lies in the archive by tier, as it was given, with why it comes along; and so do the lists', async () => {
  const api = await PagedApi.start(
    Object.fromEntries(
      Object.entries(OBJECTS).map(([path, list]) => [path, { count: list.length, object: (index: number) => list[index]! }]),
    ),
  );
  const source = clientOf(api.url);
  const spool = await Spool.open();
  const stored = new Map<string, Uint8Array>();
  const key = randomBytes(32);
  try {
    const result = await captureObjects({
      source,
      types: TYPES,
      stale: [],
      criteria: readSelection(Selection.parse({ labels: 'app:web' }), ['shop']),
      moving: new Set(['shop/moving']),
      excludeUnattachedPvcs: false,
      target: { store: { put: async (name, body) => void stored.set(name, body) }, runId: 'run', key },
      spool,
      signal: AbortSignal.timeout(10_000),
    });
    const read = (name: string) => openBlob(key, name, stored.get(name)!).toString();
    const parts = [...stored.keys()].filter((name) => name.includes('/tier-')).sort();
    const lines = parts.flatMap((name) => read(name).split('\n')).map((line) => JSON.parse(line) as CapturedObject);
    expect(lines.map(({ object, includedBecause }) => [object.kind, object.metadata.name, includedBecause])).toEqual([
      ['Namespace', 'shop', undefined],
      ['Secret', 'login', 'Deployment shop/web reads its environment from it.'],
      ['PersistentVolumeClaim', 'moving', 'Deployment shop/web mounts it.'],
      ['Deployment', 'web', undefined],
    ]);
    expect(lines[1]?.object).toEqual({ ...OBJECTS['/api/v1/namespaces/shop/secrets']?.[0], apiVersion: 'v1', kind: 'Secret' });
    expect(result).toMatchObject({
      objects: 4,
      kinds: 4,
      findings: [
        { severity: 'warning', reason: 'VolumeNotPlanned', object: 'PersistentVolumeClaim shop/new', cluster: 'source' },
      ],
      leftBehind: { total: 1, byReason: { LabelsDoNotMatch: 1 } },
    });
    expect(result.tiers).toEqual(
      APPLY_TIERS.map(({ name }) => (['namespaces', 'configuration', 'claims', 'workloads'].includes(name) ? 1 : 0)),
    );
    const lists = JSON.parse(read('runs/run/resources/lists'));
    expect(lists.map(({ kind, objects }: { kind: string; objects: number }) => `${kind} ${objects}`)).toEqual([
      'Deployment 1',
      'Namespace 2',
      'PersistentVolumeClaim 2',
      'Secret 2',
    ]);
    for (const list of lists) expect(list.resourceVersion).toMatch(/^\d+$/);
  } finally {
    await spool.close();
    await source.close();
    await api.stop();
  }
});

test('of claims that came since preflight, those that no pod mounts are not told of where such stay anyway', async () => {
  const pod = {
    metadata: { name: 'one', namespace: 'shop' },
    spec: { volumes: [{ persistentVolumeClaim: { claimName: 'new' } }] },
  };
  const claims = ['new', 'idle'].map((name) => ({ metadata: { name, namespace: 'shop' } }));
  const api = await PagedApi.start({
    '/api/v1/namespaces/shop/pods': { count: 1, object: () => pod },
    '/api/v1/namespaces/shop/persistentvolumeclaims': { count: 2, object: (index) => claims[index]! },
  });
  const source = clientOf(api.url);
  const told = async (excludeUnattachedPvcs: boolean) => {
    const spool = await Spool.open();
    const { findings } = await captureObjects({
      source,
      types: [type('', 'PersistentVolumeClaim', 'persistentvolumeclaims'), type('', 'Pod', 'pods')],
      stale: [],
      criteria: readSelection(Selection.parse({}), ['shop']),
      moving: new Set(),
      excludeUnattachedPvcs,
      target: { store: { put: async () => undefined }, runId: 'run', key: randomBytes(32) },
      spool,
      signal: AbortSignal.timeout(10_000),
    }).finally(() => spool.close());
    return findings.map(({ object }) => object);
  };
  try {
    expect(await told(false)).toEqual(['PersistentVolumeClaim shop/new', 'PersistentVolumeClaim shop/idle']);
    expect(await told(true)).toEqual(['PersistentVolumeClaim shop/new']);
  } finally {
    await source.close();
    await api.stop();
  }
});
