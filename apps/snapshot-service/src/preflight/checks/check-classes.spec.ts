import { expect, test } from '@jest/globals';
import { buildFacts, workload } from '../testing/build-facts.ts';
import { checkClasses } from './check-classes.ts';

const none = { PriorityClass: new Set<string>(), IngressClass: new Set<string>(), RuntimeClass: new Set<string>() };
const important = [workload({ priorityClassName: 'important' }), workload({ priorityClassName: 'important' }, { name: 'api' })];

test('a class that goes along, is there, or is of every cluster, is nothing to tell of', () => {
  const classes = { ...none, PriorityClass: new Set(['important']) };
  expect(checkClasses(buildFacts({ source: { workloads: important, classes } }))).toEqual([]);
  expect(checkClasses(buildFacts({ source: { workloads: important }, destination: { classes } }))).toEqual([]);
  const critical = [workload({ priorityClassName: 'system-cluster-critical' })];
  expect(checkClasses(buildFacts({ source: { workloads: critical } }))).toEqual([]);
});

test('a class that is excluded and not there is an error, told once for all that name it', () => {
  const source = { workloads: important, classes: { ...none, PriorityClass: new Set(['important']) } };
  const definition = { selection: { excludeResourceTypes: ['priorityclasses'] } };
  expect(checkClasses(buildFacts({ definition, source }))).toMatchObject([
    {
      severity: 'error',
      reason: 'PriorityClassMissing',
      object: 'Deployment shop/web',
      message: expect.stringContaining('used by Deployment shop/web, Deployment shop/api'),
    },
  ]);
});

test('a class that even the source lacks is a warning', () => {
  const ingresses = [{ object: 'Ingress shop/web', className: 'nginx' }];
  expect(checkClasses(buildFacts({ source: { ingresses } }))).toMatchObject([
    { severity: 'warning', reason: 'IngressClassMissing', message: expect.stringContaining('on neither cluster') },
  ]);
});

test('a runtime class that goes along needs its handler', () => {
  const source = {
    workloads: [workload({ runtimeClassName: 'gvisor' })],
    classes: { ...none, RuntimeClass: new Set(['gvisor']) },
  };
  expect(checkClasses(buildFacts({ source }))).toMatchObject([
    { severity: 'warning', reason: 'RuntimeClassNew', message: expect.stringContaining('its handler on the nodes') },
  ]);
});

test('a claim template of a class that the destination lacks is a warning', () => {
  const template = (storageClassName: string) => ({
    metadata: { name: 'data' },
    spec: { storageClassName, accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  });
  const database = workload(
    {},
    { kind: 'StatefulSet', name: 'db', spec: { volumeClaimTemplates: [template('gp2'), template('fast')] } },
  );
  expect(checkClasses(buildFacts({ source: { workloads: [database] } }))).toMatchObject([
    {
      severity: 'warning',
      reason: 'StorageClassMissing',
      object: 'StatefulSet shop/db',
      message: expect.stringContaining('"gp2"'),
    },
  ]);
});
