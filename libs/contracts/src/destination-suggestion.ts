import { z } from 'zod';
import { AksNodePool, EksNodePool, GkeNodePool, KubernetesVersion } from './destination.ts';
import { Finding } from './findings.ts';

/** A node as it matters for one that is to take its place. */
export const SourceNode = z.object({
  /** All that it has, not what is free for pods. */
  cpus: z.number(),
  memoryGiB: z.number(),
  /** As Kubernetes names it: `amd64`, `arm64`. */
  architecture: z.string(),
  zone: z.string().optional(),
  isControlPlane: z.boolean(),
});
export type SourceNode = z.infer<typeof SourceNode>;

export const SourceNodes = z.object({
  /** As the API server tells it: `v1.33.4`. */
  version: z.string().optional(),
  nodes: z.array(SourceNode),
  problem: Finding.optional(),
});
export type SourceNodes = z.infer<typeof SourceNodes>;

export const SuggestionQuery = z.object({
  sourceClusterId: z.uuid(),
  /** In which the cluster is to be created, as the options of the account name it. */
  region: z.string().min(1).max(64),
});
export type SuggestionQuery = z.infer<typeof SuggestionQuery>;

/** Parameters of a destination, as far as they follow from the source and from what is offered. The rest is for people to choose. */
export const SuggestedDestination = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('EKS'),
    region: z.string(),
    version: KubernetesVersion.optional(),
    /** Of one network, one in each of as many zones as the source has. */
    subnetIds: z.array(z.string()).optional(),
    clusterRoleArn: z.string().optional(),
    nodeRoleArn: z.string().optional(),
    nodePools: z.array(EksNodePool),
  }),
  z.object({
    type: z.literal('AKS'),
    location: z.string(),
    version: KubernetesVersion.optional(),
    nodePools: z.array(AksNodePool),
  }),
  z.object({
    type: z.literal('GKE'),
    location: z.string(),
    version: KubernetesVersion.optional(),
    nodePools: z.array(GkeNodePool),
  }),
]);
export type SuggestedDestination = z.infer<typeof SuggestedDestination>;

/** A destination like the source, made from what an account offers. */
export const DestinationSuggestion = z.object({
  /** Absent if nothing could be asked; `problems` tell. */
  destination: SuggestedDestination.optional(),
  /** For people: why it is so, a sentence without its stop each. */
  because: z.array(z.string()),
  problems: z.array(Finding),
});
export type DestinationSuggestion = z.infer<typeof DestinationSuggestion>;
