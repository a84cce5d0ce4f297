import { expect, test } from '@jest/globals';
import { parseReplicas, planInstances, services } from './services.ts';

test('runs each service once when nothing else is asked for', () => {
  expect(planInstances(services).map(({ name, port }) => `${name}:${port}`)).toEqual([
    'job-service:7400',
    'snapshot-service:7401',
    'data-mover-service:7402',
    'provisioner-service:7403',
    'restore-service:7404',
  ]);
});

test('numbers the replicas from the second on and gives each a port of its own', () => {
  const instances = planInstances(services, { 'data-mover-service': 3, 'job-service': 2 });
  const movers = instances.filter(({ service }) => service === 'data-mover-service');
  expect(movers.map(({ name, port }) => `${name}:${port}`)).toEqual([
    'data-mover-service:7402',
    'data-mover-service-2:7412',
    'data-mover-service-3:7422',
  ]);
  expect(new Set(movers.map(({ main }) => main)).size).toBe(1);
  expect(new Set(instances.map(({ port }) => port)).size).toBe(instances.length);
});

test('reads NAME=N', () => {
  expect(parseReplicas(['data-mover-service=2', 'restore-service=16'])).toEqual({
    'data-mover-service': 2,
    'restore-service': 16,
  });
});

test.each([
  ['data-mover=2', 'there is no service data-mover'],
  ['data-mover-service', 'NAME=N'],
  ['data-mover-service=0', 'NAME=N'],
  ['data-mover-service=17', 'NAME=N'],
  ['data-mover-service=two', 'NAME=N'],
])('refuses --replicas %s', (arg, message) => {
  expect(() => parseReplicas([arg])).toThrow(message);
});
