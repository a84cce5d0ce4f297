import { expect, test } from '@jest/globals';
import { buildFacts, node, workload } from '../testing/build-facts.ts';
import { checkRoom } from './check-room.ts';

const web = (replicas: number, kind?: string) =>
  workload(
    { containers: [{ name: 'main', image: 'nginx:1.29', resources: { requests: { cpu: '1', memory: '1Gi' } } }] },
    { kind, spec: { replicas } },
  );
const check = (workloads: ReturnType<typeof web>[], destination: object = {}) =>
  checkRoom(buildFacts({ source: { workloads }, destination }));

test('what fits beside what runs is nothing to tell of', () => {
  expect(check([web(3)], { requested: { cpu: 1 } })).toEqual([]);
});

test('what does not fit is a warning, or a note where nodes are added', () => {
  expect(check([web(3)], { requested: { cpu: 1.5 } })).toMatchObject([
    {
      severity: 'warning',
      reason: 'ClusterFull',
      message: 'cluster "to": what lands asks for 3 of cpu; of 4 on its nodes 2.5 are free',
    },
  ]);
  expect(check([web(5)], { addsNodes: true })).toMatchObject([{ severity: 'note', reason: 'ClusterFull' }]);
});

test('a DaemonSet runs on each node, and a CronJob only when its time comes', () => {
  const nodes = [node('a'), node('b')];
  expect(check([web(1, 'DaemonSet')], { nodes, requested: { cpu: 6.5 } })).toHaveLength(1);
  expect(check([web(50, 'Job')], { nodes })).toEqual([]);
});
