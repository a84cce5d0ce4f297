import { z } from 'zod';
import { Finding } from './findings.ts';

/** Calls between services that are answered at once; ids only, as they pass through Redis. */
export const CALLS = {
  /** snapshot-service */
  inspectCluster: 'inspect-cluster',
  /** snapshot-service */
  matchHookPods: 'match-hook-pods',
  /** data-mover-service */
  testObjectStore: 'test-object-store',
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
  objectStoreId: string;
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
