import { z } from 'zod';
import type { ArchiveStorage } from './archive-storage.ts';
import type { CreatedDestination } from './destination.ts';
import type { SourceNodes } from './destination-suggestion.ts';
import { Finding } from './findings.ts';
import { FieldError } from './problem-details.ts';

/** Calls between services that are answered at once; ids only, as they pass through Redis. */
export const CALLS = {
  /** snapshot-service */
  inspectCluster: 'inspect-cluster',
  /** snapshot-service */
  offerNamespaces: 'offer-namespaces',
  /** snapshot-service */
  offerTypes: 'offer-types',
  /** snapshot-service */
  offerLabels: 'offer-labels',
  /** snapshot-service */
  matchHookPods: 'match-hook-pods',
  /** snapshot-service */
  listSourceNodes: 'list-source-nodes',
  /** data-mover-service */
  testObjectStore: 'test-object-store',
  /** provisioner-service */
  testCloudAccount: 'test-cloud-account',
  /** provisioner-service */
  listCloudOptions: 'list-cloud-options',
  /** provisioner-service */
  suggestDestination: 'suggest-destination',
  /** provisioner-service */
  validateDestination: 'validate-destination',
} as const;

/** How long a service may take to answer. */
export const CALL_TIMEOUT_MS = 15_000;

export interface InspectClusterCall {
  clusterId: string;
}

/** What is known of a cluster when asked. */
export const ClusterStatus = z.object({
  state: z.enum(['Active', 'Unreachable', 'Refused', 'Unknown']),
  version: z.string().optional(),
  nodes: z.number().int().optional(),
  namespaces: z.array(z.string()).optional(),
  storageClasses: z.array(z.object({ name: z.string(), provisioner: z.string(), isDefault: z.boolean() })).optional(),
  snapshotClasses: z.array(z.object({ name: z.string(), driver: z.string(), isDefault: z.boolean() })).optional(),
  problem: Finding.optional(),
});
export type ClusterStatus = z.infer<typeof ClusterStatus>;

export interface TestObjectStoreCall {
  organisationId: string;
  storage: ArchiveStorage;
}

export const ObjectStoreStatus = z.object({
  state: z.enum(['Ready', 'Failed', 'Unknown']),
  problem: Finding.optional(),
});
export type ObjectStoreStatus = z.infer<typeof ObjectStoreStatus>;

export interface MatchHookPodsCall {
  clusterId: string;
  /** Seed grammar. */
  labels: string;
  container?: string;
  /** Names or globs; empty: all but the system's. */
  namespaces: string[];
}

/** The pods in which a hook would run now. */
export const HookPods = z.object({
  pods: z.array(
    z.object({
      namespace: z.string(),
      name: z.string(),
      /** In which the command would run; absent: the pod has none of that name. */
      container: z.string().optional(),
      ready: z.boolean(),
    }),
  ),
  problem: Finding.optional(),
});
export type HookPods = z.infer<typeof HookPods>;

export interface CloudAccountCall {
  cloudAccountId: string;
}

/** What an account may do, as found by asking the provider. */
export const CloudAccountStatus = z.object({
  state: z.enum(['Ready', 'Failed', 'Unknown']),
  /** As the provider knows who acts. */
  identity: z.string().optional(),
  /** What is needed to create, use and delete clusters and the account may not do. */
  missingPermissions: z.array(z.string()).optional(),
  problem: Finding.optional(),
});
export type CloudAccountStatus = z.infer<typeof CloudAccountStatus>;

export interface CloudOptionsCall extends CloudAccountCall {
  region?: string;
}

/** What an account offers for a new cluster. Of the parts that depend on the region, those of one. */
export const CloudOptions = z.object({
  regions: z.array(z.string()).optional(),
  versions: z.array(z.string()).optional(),
  instanceTypes: z
    .array(
      z.object({
        name: z.string(),
        cpus: z.number(),
        memoryGiB: z.number(),
        architecture: z.string(),
        /** Where zones differ in what they have. */
        zones: z.array(z.string()).optional(),
      }),
    )
    .optional(),
  networks: z
    .array(
      z.object({
        id: z.string(),
        name: z.string().optional(),
        subnets: z.array(
          z.object({ id: z.string(), name: z.string().optional(), zone: z.string().optional(), cidr: z.string() }),
        ),
      }),
    )
    .optional(),
  /** Roles that the control plane, and roles that the nodes may act as. */
  clusterRoles: z.array(z.string()).optional(),
  nodeRoles: z.array(z.string()).optional(),
  /** Of Azure. */
  resourceGroups: z.array(z.object({ name: z.string(), location: z.string() })).optional(),
  /** What could not be asked. */
  problems: z.array(Finding),
});
export type CloudOptions = z.infer<typeof CloudOptions>;

export interface SuggestDestinationCall extends CloudAccountCall {
  region: string;
  source: SourceNodes;
}

export interface ValidateDestinationCall {
  destination: CreatedDestination;
}

/** What an account does not have of what a destination asks for; paths begin within the destination. */
export const DestinationProblems = z.object({ errors: z.array(FieldError), problem: Finding.optional() });
export type DestinationProblems = z.infer<typeof DestinationProblems>;
