import { z } from 'zod';

const MAX_NODES = 1_000;

/** How many nodes a pool has: to begin with, and within which bounds it may be scaled. */
const nodeCounts = {
  nodes: z.number().int().min(1).max(MAX_NODES).default(2),
  minNodes: z.number().int().min(0).max(MAX_NODES).default(1),
  maxNodes: z.number().int().min(1).max(MAX_NODES).default(3),
};

const DiskGiB = z.number().int().min(20).max(16_384).default(100);

export const KubernetesVersion = z.string().regex(/^1\.\d{1,2}$/, 'is not a minor version of Kubernetes, such as 1.34');

interface Counts {
  nodes: number;
  minNodes: number;
  maxNodes: number;
}

/** Names and numbers of node pools, which no provider takes otherwise. */
function checkPools({ nodePools }: { nodePools: (Counts & { name: string })[] }, context: z.RefinementCtx): void {
  nodePools.forEach(({ name, nodes, minNodes, maxNodes }, index) => {
    if (nodePools.findIndex((other) => other.name === name) < index)
      context.addIssue({ code: 'custom', path: ['nodePools', index, 'name'], message: 'is the name of another pool too' });
    if (nodes < minNodes || nodes > maxNodes) {
      const message = `is not between minNodes (${minNodes}) and maxNodes (${maxNodes})`;
      context.addIssue({ code: 'custom', path: ['nodePools', index, 'nodes'], message });
    }
  });
}

const Arn = z.string().max(2048);
const RoleArn = Arn.regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/, 'is not the ARN of an IAM role');

export const EksNodePool = z.object({
  name: z.string().regex(/^[0-9A-Za-z][0-9A-Za-z_-]{0,62}$/, 'is not the name of a node group'),
  ...nodeCounts,
  /** The first that is to be had is taken. All of one architecture. */
  instanceTypes: z
    .array(z.string().regex(/^[a-z0-9-]+\.[a-z0-9-]+$/, 'is not an instance type, such as m6i.large'))
    .min(1)
    .max(20),
  capacityType: z.enum(['ON_DEMAND', 'SPOT']).default('ON_DEMAND'),
  diskGiB: DiskGiB,
});
export type EksNodePool = z.infer<typeof EksNodePool>;

/** A cluster that is to be created on Amazon EKS. */
export const EksDestination = z
  .object({
    type: z.literal('EKS'),
    cloudAccountId: z.uuid(),
    /** Of the cluster, in the cloud and among the registered ones. */
    name: z.string().regex(/^[0-9A-Za-z][0-9A-Za-z_-]{0,99}$/, 'is not the name of an EKS cluster'),
    region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'is not a region of AWS, such as eu-central-1'),
    version: KubernetesVersion,
    /** Of one VPC, in two availability zones at least. */
    subnetIds: z
      .array(z.string().regex(/^subnet-[0-9a-f]{8,17}$/, 'is not the id of a subnet'))
      .min(2)
      .max(16),
    securityGroupIds: z
      .array(z.string().regex(/^sg-[0-9a-f]{8,17}$/, 'is not the id of a security group'))
      .max(4)
      .default([]),
    /** What the control plane acts as (AmazonEKSClusterPolicy). */
    clusterRoleArn: RoleArn,
    /** What the nodes act as (AmazonEKSWorkerNodePolicy, AmazonEKS_CNI_Policy, AmazonEC2ContainerRegistryPullOnly). */
    nodeRoleArn: RoleArn,
    /** What the EBS CSI driver acts as; absent: a role is made, and deleted with the cluster. */
    volumeRoleArn: RoleArn.optional(),
    nodePools: z.array(EksNodePool).min(1).max(10),
  })
  .superRefine(checkPools);
export type EksDestination = z.infer<typeof EksDestination>;

export const AksNodePool = z.object({
  name: z.string().regex(/^[a-z][a-z0-9]{0,11}$/, 'is not the name of an agent pool (1 to 12 of a-z and 0-9)'),
  ...nodeCounts,
  vmSize: z.string().regex(/^[A-Za-z0-9_]{1,64}$/, 'is not a size of virtual machines, such as Standard_D4s_v5'),
  zones: z
    .array(z.string().regex(/^[1-9]$/, 'is not a zone (1, 2 or 3)'))
    .max(3)
    .default([]),
  diskGiB: z.number().int().min(30).max(2_048).default(100),
});
export type AksNodePool = z.infer<typeof AksNodePool>;

/** A cluster that is to be created on Azure Kubernetes Service. */
export const AksDestination = z
  .object({
    type: z.literal('AKS'),
    cloudAccountId: z.uuid(),
    name: z.string().regex(/^[0-9A-Za-z]([0-9A-Za-z_-]{0,61}[0-9A-Za-z])?$/, 'is not the name of an AKS cluster'),
    /** It has to be there. */
    resourceGroup: z.string().regex(/^[\w().-]{0,89}[\w()-]$/, 'is not the name of a resource group'),
    location: z.string().regex(/^[a-z0-9]{3,32}$/, 'is not a location of Azure, such as westeurope'),
    version: KubernetesVersion,
    /** Resource id of the subnet of the nodes; absent: AKS makes a network. */
    subnetId: z
      .string()
      .regex(
        /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.Network\/virtualNetworks\/[^/]+\/subnets\/[^/]+$/i,
      )
      .optional(),
    nodePools: z.array(AksNodePool).min(1).max(10),
  })
  .superRefine(checkPools);
export type AksDestination = z.infer<typeof AksDestination>;

export const GkeNodePool = z.object({
  name: z.string().regex(/^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/, 'is not the name of a node pool'),
  ...nodeCounts,
  machineType: z.string().regex(/^[a-z0-9-]{1,64}$/, 'is not a machine type, such as e2-standard-4'),
  diskGiB: DiskGiB,
});
export type GkeNodePool = z.infer<typeof GkeNodePool>;

/** A cluster that is to be created on Google Kubernetes Engine. */
export const GkeDestination = z
  .object({
    type: z.literal('GKE'),
    cloudAccountId: z.uuid(),
    name: z.string().regex(/^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/, 'is not the name of a GKE cluster'),
    /** A region, or one zone of it. The numbers of nodes are those of each zone. */
    location: z.string().regex(/^[a-z]+-[a-z]+\d(-[a-z])?$/, 'is not a location of Google Cloud, such as europe-west1'),
    version: KubernetesVersion,
    network: z.string().min(1).max(255).default('default'),
    subnetwork: z.string().min(1).max(255).optional(),
    /** What the nodes act as; absent: the project's default account. */
    serviceAccount: z.email().optional(),
    nodePools: z.array(GkeNodePool).min(1).max(10),
  })
  .superRefine(checkPools);
export type GkeDestination = z.infer<typeof GkeDestination>;

export const RegisteredDestination = z.object({ type: z.literal('Registered'), clusterId: z.uuid() });

/** Where to: a registered cluster, or one that is to be created in a cloud account. */
export const Destination = z.discriminatedUnion('type', [RegisteredDestination, EksDestination, AksDestination, GkeDestination]);
export type Destination = z.infer<typeof Destination>;
/** A destination that is not there yet. */
export type CreatedDestination = Exclude<Destination, { type: 'Registered' }>;
export type CloudClusterType = CreatedDestination['type'];

/** @returns the id of the registered cluster that is the destination; undefined if it is to be created */
export function registeredClusterId(destination: Destination): string | undefined {
  return destination.type === 'Registered' ? destination.clusterId : undefined;
}
