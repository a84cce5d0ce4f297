import { expect, test } from '@jest/globals';
import { toSourceNode } from './source-nodes.ts';

const node = (labels: Record<string, string>, status: object) =>
  toSourceNode({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'a', labels }, status } as never);

test('of a node its size, its architecture and its place are known', () => {
  const labels = { 'topology.kubernetes.io/zone': 'eu-central-1a', 'kubernetes.io/arch': 'arm64' };
  expect(node(labels, { capacity: { cpu: '4', memory: '16Gi' }, nodeInfo: { architecture: 'arm64' } })).toEqual({
    cpus: 4,
    memoryGiB: 16,
    architecture: 'arm64',
    zone: 'eu-central-1a',
    isControlPlane: false,
  });
  expect(node({ 'node-role.kubernetes.io/control-plane': '' }, { capacity: { cpu: '2000m', memory: '8388608Ki' } })).toEqual({
    cpus: 2,
    memoryGiB: 8,
    architecture: 'amd64',
    isControlPlane: true,
  });
});
