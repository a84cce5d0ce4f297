import { expect, test } from '@jest/globals';
import { reduceQuota } from '../facts/reduce.ts';
import { buildFacts, namespacesOf, volume, workload } from '../testing/build-facts.ts';
import { checkQuotas } from './check-quotas.ts';

const quota = (hard: object, used: object = {}, namespace = 'store', spec: object = {}) =>
  reduceQuota({
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'team', namespace },
    spec: { hard, ...spec },
    status: { hard, used },
  });
const asking = (cpu: string) => ({ containers: [{ name: 'main', image: 'nginx:1.29', resources: { requests: { cpu } } }] });
const web = workload(asking('500m'), { spec: { replicas: 3 } });
const check = (quotas: ReturnType<typeof quota>[], more: Parameters<typeof buildFacts>[0] = {}) =>
  checkQuotas(
    buildFacts({
      ...more,
      source: { workloads: [web], ...more.source },
      destination: { quotas, namespaces: namespacesOf({ metadata: { name: 'store' } }), ...more.destination },
    }),
  );

test('what fits is nothing to tell of', () => {
  expect(check([quota({ pods: '5', 'requests.cpu': '2' }, { pods: '1', 'requests.cpu': '250m' })])).toEqual([]);
});

test('what would land beside what is used is an error for each resource', () => {
  expect(check([quota({ pods: '3', 'requests.cpu': '1500m' }, { pods: '1', 'requests.cpu': '0' })])).toMatchObject([
    {
      severity: 'error',
      reason: 'QuotaExceeded',
      object: 'ResourceQuota store/team',
      message: 'of pods it allows 3, 1 are used, and 3 would land',
    },
  ]);
});

test('claims count for the whole and for their class', () => {
  const hard = {
    'requests.storage': '5Gi',
    'fast.storageclass.storage.k8s.io/persistentvolumeclaims': '0',
    persistentvolumeclaims: '1',
  };
  expect(check([quota(hard)], { volumes: [volume()] }).map(({ message }) => message)).toEqual([
    'of requests.storage it allows 5Gi, 0Mi are used, and 10Gi would land',
    'of fast.storageclass.storage.k8s.io/persistentvolumeclaims it allows 0, 0 are used, and 1 would land',
  ]);
});

test('a claim counts by what it asks for, however large its volume is', () => {
  const volumes = [volume({}, { requestedBytes: 4 * 2 ** 30 })];
  expect(check([quota({ 'requests.storage': '5Gi' })], { volumes })).toEqual([]);
});

test('workloads that are there count already', () => {
  expect(
    check([quota({ pods: '3' }, { pods: '3' })], {
      destination: {
        quotas: [quota({ pods: '3' }, { pods: '3' })],
        namespaces: namespacesOf({ metadata: { name: 'store' } }),
        existing: new Set(['Deployment store/web']),
      },
    }),
  ).toEqual([]);
});

test('a quota with scopes says nothing of all pods', () => {
  expect(check([quota({ pods: '1' }, {}, 'store', { scopes: ['BestEffort'] })])).toEqual([]);
});

test('under a quota of memory each container says how much it needs, or a limit range does', () => {
  const quotas = [quota({ 'requests.memory': '10Gi' })];
  expect(check(quotas)).toMatchObject([{ severity: 'error', reason: 'QuotaNeedsRequests', object: 'Deployment shop/web' }]);
  const limitRanges = [
    { object: 'LimitRange store/d', namespace: 'store', limits: [{ type: 'Container', defaultRequest: { memory: '64Mi' } }] },
  ];
  expect(
    check(quotas, { destination: { quotas, limitRanges, namespaces: namespacesOf({ metadata: { name: 'store' } }) } }),
  ).toEqual([]);
});

test('a quota that goes along and would not fit is a warning', () => {
  const along = [quota({ pods: '2' }, { pods: '2' }, 'shop')];
  expect(check([], { source: { quotas: along }, destination: { namespaces: new Map() } })).toMatchObject([
    { severity: 'warning', reason: 'QuotaExceeded', object: 'ResourceQuota shop/team' },
  ]);
});
