import { expect, test } from '@jest/globals';
import { buildFacts, node, workload } from '../testing/build-facts.ts';
import { checkNodeFit } from './check-node-fit.ts';

const gpu = { 'example.com/pool': 'gpu' };
const check = (podSpec: object, options: { source?: object; destination?: object; kind?: string; replicas?: number } = {}) =>
  checkNodeFit(
    buildFacts({
      source: {
        nodes: [node('s', gpu)],
        workloads: [workload(podSpec, { kind: options.kind, spec: { replicas: options.replicas } })],
        ...options.source,
      },
      destination: options.destination,
    }),
  );
const zones = (operator: string, ...values: string[]) => ({
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [{ key: 'topology.kubernetes.io/zone', operator, values }] }],
      },
    },
  },
});

test('a pod that some node takes is nothing to tell of', () => {
  expect(check({ nodeSelector: { 'kubernetes.io/os': 'linux' } })).toEqual([]);
  expect(check(zones('In', 'a', 'b'), { destination: { nodes: [node('d', { 'topology.kubernetes.io/zone': 'b' })] } })).toEqual(
    [],
  );
  expect(check(zones('DoesNotExist'))).toEqual([]);
});

test('a selector that no node meets is an error where the pod runs today', () => {
  expect(check({ nodeSelector: gpu })).toMatchObject([
    {
      severity: 'error',
      reason: 'NoNodeSelected',
      object: 'Deployment shop/web',
      message: 'no node of the destination meets its nodeSelector example.com/pool=gpu',
    },
  ]);
  expect(
    check(zones('In', 'eu-1a'), { source: { nodes: [node('s', { 'topology.kubernetes.io/zone': 'eu-1a' })] } }),
  ).toMatchObject([{ severity: 'error', message: expect.stringContaining('its required node affinity') }]);
});

test('it is a warning for what runs no pods, does not run on the source either, or gets a node of its own', () => {
  expect(check({ nodeSelector: gpu }, { replicas: 0 })[0]?.severity).toBe('warning');
  expect(check({ nodeSelector: gpu }, { kind: 'DaemonSet' })[0]?.severity).toBe('warning');
  expect(check({ nodeSelector: gpu }, { source: { nodes: [node('s')] } })[0]?.severity).toBe('warning');
  expect(check({ nodeSelector: gpu }, { destination: { addsNodes: true } })[0]?.severity).toBe('warning');
});

test('it is a warning where a cloud may add such a node, from a pool of which no node is there now', () => {
  const at = (providerID: string) => ({ destination: { nodes: [node('d', {}, { providerID })] } });
  for (const cloud of ['aws:///eu-central-1a/i-0abc', 'gce://project/zone/name', 'azure:///subscriptions/x']) {
    expect(check({ nodeSelector: gpu }, at(cloud))).toMatchObject([
      { severity: 'warning', reason: 'NoNodeSelected', message: expect.stringContaining('unless one is added') },
    ]);
  }
  for (const local of ['kind://podman/c/node', 'k3s://node'])
    expect(check({ nodeSelector: gpu }, at(local))[0]?.severity).toBe('error');
});

test('a taint that the pod does not tolerate is an error', () => {
  const tainted = { nodes: [node('d', {}, { taints: [{ key: 'dedicated', value: 'db', effect: 'NoSchedule' }] })] };
  expect(check({}, { destination: tainted })).toMatchObject([
    { severity: 'error', reason: 'TaintNotTolerated', message: expect.stringContaining('dedicated:NoSchedule') },
  ]);
  for (const toleration of [
    { key: 'dedicated', value: 'db' },
    { key: 'dedicated', operator: 'Exists', effect: 'NoSchedule' },
    { operator: 'Exists' },
  ]) {
    expect(check({ tolerations: [toleration] }, { destination: tainted })).toEqual([]);
  }
  expect(check({ tolerations: [{ key: 'dedicated', value: 'web' }] }, { destination: tainted })).toHaveLength(1);
  const preferring = { nodes: [node('d', {}, { taints: [{ key: 'dedicated', effect: 'PreferNoSchedule' }] })] };
  expect(check({}, { destination: preferring })).toEqual([]);
});

test('a pod larger than every node is an error with both sizes', () => {
  const containers = [
    { name: 'a', image: 'nginx', resources: { requests: { cpu: '3', memory: '1Gi' } } },
    { name: 'b', image: 'nginx', resources: { limits: { cpu: '2' } } },
  ];
  expect(check({ containers })).toMatchObject([
    { severity: 'error', reason: 'NodesTooSmall', message: expect.stringContaining('cpu: 5 asked, 4 at most') },
  ]);
  const device = [{ name: 'a', image: 'cuda', resources: { limits: { 'nvidia.com/gpu': '1' } } }];
  expect(check({ containers: device })).toMatchObject([
    { message: expect.stringContaining('nvidia.com/gpu: 1 asked, 0 at most') },
  ]);
});

test('another architecture is a warning, one that is missing beside others a note', () => {
  const arm = (name: string) => node(name, { 'kubernetes.io/arch': 'arm64' });
  expect(check({}, { destination: { nodes: [arm('d')] } })).toMatchObject([
    { severity: 'warning', reason: 'ArchitectureDiffers' },
  ]);
  expect(check({}, { source: { nodes: [node('s'), arm('t')] } })).toMatchObject([
    { severity: 'note', message: expect.stringContaining('arm64') },
  ]);
});
