import type { CloudOptions } from '@godwit/contracts/calls';
import { EksDestination } from '@godwit/contracts/destination';
import { DestinationSuggestion, type SourceNode } from '@godwit/contracts/destination-suggestion';
import { expect, test } from '@jest/globals';
import { nearestVersion } from './nearest-version.ts';
import { suggestDestination } from './suggest-destination.ts';

const node = (cpus: number, memoryGiB: number, more: Partial<SourceNode> = {}): SourceNode => ({
  cpus,
  memoryGiB,
  architecture: 'amd64',
  isControlPlane: false,
  ...more,
});
const shape = (name: string, cpus: number, memoryGiB: number, architecture = 'amd64') => ({
  name,
  cpus,
  memoryGiB,
  architecture,
});
const EKS_SHAPES = [
  shape('t3.xlarge', 4, 16),
  shape('g4dn.xlarge', 4, 16),
  shape('m6i.large', 2, 8),
  shape('m6i.xlarge', 4, 16),
  shape('m6i.2xlarge', 8, 32),
  shape('m7g.xlarge', 4, 16, 'arm64'),
  shape('r6i.xlarge', 4, 32),
];
const subnet = (id: string, zone: string) => ({ id, zone, cidr: '10.0.0.0/24' });
const offered = (more: Partial<CloudOptions> = {}): CloudOptions => ({
  versions: ['1.34', '1.33', '1.32'],
  instanceTypes: EKS_SHAPES,
  networks: [
    { id: 'vpc-1', subnets: [subnet('subnet-00000001', 'a')] },
    {
      id: 'vpc-2',
      subnets: [
        subnet('subnet-0000000a', 'a'),
        subnet('subnet-0000000f', 'a'),
        subnet('subnet-0000000b', 'b'),
        subnet('subnet-0000000c', 'c'),
      ],
    },
  ],
  clusterRoles: ['arn:aws:iam::123456789012:role/cluster'],
  nodeRoles: ['arn:aws:iam::123456789012:role/nodes'],
  problems: [],
  ...more,
});
const suggest = (...input: Parameters<typeof suggestDestination>) => DestinationSuggestion.parse(suggestDestination(...input));

test.each([
  ['v1.33.4', ['1.34', '1.33', '1.32'], '1.33', false],
  ['v1.31.2-eks-1', ['1.34', '1.33', '1.32'], '1.32', false],
  ['v1.35.0', ['1.34', '1.33'], '1.34', true],
  ['v1.9.0', ['1.34', '1.30.4-gke.1'], '1.30', false],
  [undefined, ['1.34', '1.33', '1.32'], '1.33', false],
])('to %s the nearest of %j is %s', (source, versions, version, isOlder) => {
  expect(nearestVersion(source, versions)).toEqual({ version, isOlder });
});

test('a cluster of EKS is suggested whole: with it a destination can be saved', () => {
  const nodes = [
    node(4, 15.4, { zone: 'x' }),
    node(4, 15.4, { zone: 'y' }),
    node(3, 12, { zone: 'y' }),
    node(4, 30, { zone: 'x' }),
    node(2, 4, { isControlPlane: true, zone: 'x' }),
  ];
  const { destination, because, problems } = suggest('EKS', 'eu-central-1', { version: 'v1.32.1', nodes }, offered());
  expect(problems).toEqual([]);
  expect(destination).toEqual({
    type: 'EKS',
    region: 'eu-central-1',
    version: '1.32',
    subnetIds: ['subnet-0000000a', 'subnet-0000000b'],
    clusterRoleArn: 'arn:aws:iam::123456789012:role/cluster',
    nodeRoleArn: 'arn:aws:iam::123456789012:role/nodes',
    nodePools: [
      expect.objectContaining({ name: 'nodes', nodes: 3, minNodes: 1, maxNodes: 4, instanceTypes: ['m6i.xlarge'] }),
      expect.objectContaining({ name: 'nodes2', nodes: 1, maxNodes: 3, instanceTypes: ['r6i.xlarge'] }),
    ],
  });
  EksDestination.parse({ ...destination, cloudAccountId: '00000000-0000-4000-8000-000000000001', name: 'made' });
  expect(because.join('\n')).toContain('3 × m6i.xlarge (4 CPUs, 16 GiB, amd64) for 3 of the source');
});

test('architectures are kept apart, and a control plane alone is taken for the nodes', () => {
  const nodes = [node(4, 16, { architecture: 'arm64', isControlPlane: true }), node(2, 8, { isControlPlane: true })];
  const { destination } = suggest('EKS', 'r', { version: 'v1.34.0', nodes }, offered({ networks: undefined }));
  expect(destination).toMatchObject({ nodePools: [{ instanceTypes: ['m7g.xlarge'] }, { instanceTypes: ['m6i.large'] }] });
  expect(destination).not.toHaveProperty('subnetIds');
});

test('what cannot be matched is told, and what there is a choice of is left to people', () => {
  const nodes = [node(96, 1_000)];
  const roles = ['arn:aws:iam::123456789012:role/a', 'arn:aws:iam::123456789012:role/b'];
  const { destination, problems } = suggest('EKS', 'r', { version: 'v1.40.0', nodes }, offered({ nodeRoles: roles }));
  expect(problems.map(({ reason }) => reason)).toEqual(['VersionOlder', 'NoShape']);
  expect(destination).toMatchObject({ version: '1.34', nodePools: [] });
  expect(destination).not.toHaveProperty('nodeRoleArn');
});

test('a cluster that could not be asked, and a cloud that could not, are told', () => {
  const problem = { severity: 'warning' as const, reason: 'NoAnswer', message: 'x' };
  const { destination, problems } = suggest('GKE', 'europe-west1', { nodes: [], problem }, { problems: [problem] });
  expect(problems).toEqual([problem, problem]);
  expect(destination).toEqual({ type: 'GKE', location: 'europe-west1', nodePools: [] });
});

test('nodes of AKS are spread over as many zones, those of GKE are counted in each zone of a region', () => {
  const nodes = ['1', '2', '1', '2'].map((zone) => node(4, 15, { zone }));
  const source = { version: 'v1.33.0', nodes };
  const aks = offered({ instanceTypes: [shape('Standard_B4ms', 4, 16), shape('Standard_D4s_v5', 4, 16)] });
  expect(suggest('AKS', 'westeurope', source, aks).destination).toMatchObject({
    location: 'westeurope',
    nodePools: [{ name: 'nodes', nodes: 4, vmSize: 'Standard_D4s_v5', zones: ['1', '2'] }],
  });
  const gke = offered({ instanceTypes: [shape('e2-standard-4', 4, 16), shape('n1-standard-4', 4, 15)] });
  expect(suggest('GKE', 'europe-west1', source, gke).destination).toMatchObject({
    nodePools: [{ nodes: 2, machineType: 'e2-standard-4' }],
  });
  expect(suggest('GKE', 'europe-west1-b', source, gke).destination).toMatchObject({ nodePools: [{ nodes: 4 }] });
});
