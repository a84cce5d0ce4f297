import { expect, test } from '@jest/globals';
import { buildFacts, volume, workload } from '../testing/build-facts.ts';
import { checkLimitRanges } from './check-limit-ranges.ts';

const range = (limit: object, namespace = 'store') => [
  { object: `LimitRange ${namespace}/bounds`, namespace, limits: [limit as { type: string }] },
];
const asking = (resources: object) => workload({ containers: [{ name: 'main', image: 'nginx:1.29', resources }] });
const check = (limit: object, resources: object, namespace?: string) =>
  checkLimitRanges(
    buildFacts({
      source: { workloads: [asking(resources)] },
      volumes: [volume()],
      destination: { limitRanges: range(limit, namespace) },
    }),
  );

test('what keeps within the limits, or lands elsewhere, is nothing to tell of', () => {
  expect(check({ type: 'Container', max: { memory: '1Gi' }, min: { memory: '16Mi' } }, { limits: { memory: '512Mi' } })).toEqual(
    [],
  );
  expect(check({ type: 'Container', max: { memory: '1Mi' } }, { limits: { memory: '512Mi' } }, 'other')).toEqual([]);
});

test('a container above or below is an error', () => {
  expect(check({ type: 'Container', max: { memory: '256Mi' } }, { limits: { memory: '512Mi' } })).toMatchObject([
    {
      severity: 'error',
      reason: 'LimitRangeViolated',
      object: 'Deployment shop/web',
      message: 'its memory of 512Mi is not at most 256Mi, as LimitRange store/bounds demands of each Container',
    },
  ]);
  expect(check({ type: 'Container', min: { cpu: '100m' } }, { requests: { cpu: '10m' } })).toMatchObject([
    { message: expect.stringContaining('its cpu of 0.01 is not at least 0.1') },
  ]);
});

test('a claim counts by what it asks for, however large its volume is', () => {
  const volumes = [volume({}, { requestedBytes: 4 * 2 ** 30 })];
  const limitRanges = range({ type: 'PersistentVolumeClaim', max: { storage: '5Gi' } });
  expect(checkLimitRanges(buildFacts({ volumes, destination: { limitRanges } }))).toEqual([]);
});

test('a claim larger than allowed is an error', () => {
  expect(check({ type: 'PersistentVolumeClaim', max: { storage: '5Gi' } }, {})).toMatchObject([
    { object: 'PersistentVolumeClaim shop/data', message: expect.stringContaining('its storage of 10Gi is not at most 5Gi') },
  ]);
});
