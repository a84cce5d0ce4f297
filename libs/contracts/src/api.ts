import { z } from 'zod';
import { AppHook } from './app-hooks.ts';
import { ArchiveStorage } from './archive-storage.ts';
import { CloudAccountStatus, ClusterStatus, ObjectStoreStatus } from './calls.ts';
import { CloudCredentials, CloudProviderName } from './cloud-accounts.ts';
import { Finding } from './findings.ts';
import { MigrationDefinition } from './migration-definition.ts';
import { ObjectStoreConfig } from './object-store-config.ts';
import {
  ErrorView,
  EventLevel,
  FieldChange,
  ObjectOutcome,
  RunKind,
  RunPhase,
  StepName,
  StepState,
  StepWaiting,
  TransferProgress,
  TransferTotals,
  WaitReason,
} from './run.ts';

/** Name of a registered thing, as people know it. */
const Name = z.string().trim().min(1).max(120);
const MAX_KUBECONFIG = 1_000_000;
const MaxConcurrentRuns = z.number().int().min(1).max(100);

export const RegisterCluster = z.object({
  name: Name,
  /** YAML or JSON of a kubeconfig without `exec`, `auth-provider` and file paths. Never returned. */
  kubeconfig: z.string().min(1).max(MAX_KUBECONFIG),
  /** How many runs may be at work on it at once, 4 unless it is said; the others wait in the queue. */
  maxConcurrentRuns: MaxConcurrentRuns.optional(),
});
export type RegisterCluster = z.infer<typeof RegisterCluster>;
/** What migrations from a cluster take where they say nothing else. */
export const ClusterPreferences = z.object({
  /** Where archives of migrations from here lie. */
  storage: ArchiveStorage.optional(),
});
export type ClusterPreferences = z.infer<typeof ClusterPreferences>;
export const UpdateCluster = RegisterCluster.extend({
  /** What is absent stays; null takes a preference away. */
  preferences: z.object({ storage: ArchiveStorage.nullable().optional() }),
}).partial();
export type UpdateCluster = z.infer<typeof UpdateCluster>;

export const ClusterView = z.object({
  id: z.uuid(),
  name: z.string(),
  server: z.string(),
  maxConcurrentRuns: z.number().int(),
  preferences: ClusterPreferences,
  /** Grows with each change; its ETag too. */
  version: z.number().int(),
  /** Of one that was created: its type. */
  provider: z.enum(['EKS', 'AKS', 'GKE']).optional(),
  /** Of one that was created: in which account, where, and by which run. */
  cloudAccountId: z.uuid().optional(),
  region: z.string().optional(),
  createdByRunId: z.uuid().optional(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type ClusterView = z.infer<typeof ClusterView>;
/** With what was found when it was asked just now. */
export const InspectedCluster = ClusterView.extend({ status: ClusterStatus });
export type InspectedCluster = z.infer<typeof InspectedCluster>;

export const RegisterCloudAccount = z.object({
  name: Name,
  /** Never returned. */
  credentials: CloudCredentials,
});
export type RegisterCloudAccount = z.infer<typeof RegisterCloudAccount>;

export const CloudAccountView = z.object({
  id: z.uuid(),
  name: z.string(),
  provider: CloudProviderName,
  /** Who acts. */
  identity: z.string(),
  /** Grows with each change; its ETag too. */
  version: z.number().int(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type CloudAccountView = z.infer<typeof CloudAccountView>;
/** With what was found when the provider was asked just now. */
export const TestedCloudAccount = CloudAccountView.extend({ status: CloudAccountStatus });
export type TestedCloudAccount = z.infer<typeof TestedCloudAccount>;

export const CloudOptionsQuery = z.object({
  /** Absent: only the regions are asked for. */
  region: z.string().min(1).max(64).optional(),
});
export type CloudOptionsQuery = z.infer<typeof CloudOptionsQuery>;

export const RegisterObjectStore = ObjectStoreConfig.extend({ name: Name });
export type RegisterObjectStore = z.infer<typeof RegisterObjectStore>;

export const ObjectStoreView = z.object({
  id: z.uuid(),
  name: z.string(),
  endpoint: z.string(),
  region: z.string(),
  bucket: z.string(),
  prefix: z.string(),
  forcePathStyle: z.boolean(),
  caBundle: z.string().optional(),
  /** Grows with each change; its ETag too. */
  version: z.number().int(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type ObjectStoreView = z.infer<typeof ObjectStoreView>;
export const TestedObjectStore = ObjectStoreView.extend({ status: ObjectStoreStatus });
export type TestedObjectStore = z.infer<typeof TestedObjectStore>;

/** What the operator offers, as a migration or a cluster's preference may name it. */
export const ManagedStorageView = z.object({ provider: z.string(), region: z.string() });
export type ManagedStorageView = z.infer<typeof ManagedStorageView>;

export const MigrationView = z.object({
  id: z.uuid(),
  name: z.string(),
  definition: MigrationDefinition,
  /** Grows with each edit. */
  version: z.number().int(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type MigrationView = z.infer<typeof MigrationView>;

export const StartRollback = z.object({
  /** Whether the cluster that the run created is deleted too, with all that is in it. */
  deleteCluster: z.boolean().default(false),
});
export type StartRollback = z.infer<typeof StartRollback>;

export const StepView = z.object({
  id: z.uuid(),
  name: StepName,
  /** The volume's id, of a step that fans out. */
  item: z.string(),
  state: StepState,
  attempt: z.number().int(),
  error: ErrorView.optional(),
  /** Of one at work that waits for what others do. */
  waiting: StepWaiting.optional(),
  startedAt: z.iso.datetime().optional(),
  finishedAt: z.iso.datetime().optional(),
});
export type StepView = z.infer<typeof StepView>;

export const VolumeView = z.object({
  id: z.uuid(),
  namespace: z.string(),
  name: z.string(),
  targetNamespace: z.string(),
  capacityBytes: z.number(),
  copy: TransferProgress.optional(),
  restore: TransferProgress.optional(),
  skipReason: z.string().optional(),
  /** Of a preview: how long its copy would take beside the others. */
  estimatedSeconds: z.number().optional(),
});
export type VolumeView = z.infer<typeof VolumeView>;

/** Why a run is still in the queue. */
export const WaitView = z.object({
  reason: WaitReason,
  /** Its place among those that wait for the same, from 1; none while its time has not come. */
  position: z.number().int().optional(),
  /** For people: `2nd in the queue: cluster "old" runs 2 of at most 2` */
  message: z.string(),
});
export type WaitView = z.infer<typeof WaitView>;

/** A run in a list. */
export const RunSummary = z.object({
  id: z.uuid(),
  kind: RunKind,
  /** Of a rollback: the run that it takes back. */
  rollbackOf: z.uuid().optional(),
  migrationId: z.uuid().optional(),
  migrationName: z.string(),
  sourceCluster: z.string(),
  destinationCluster: z.string(),
  phase: RunPhase,
  /** How much is done, 0 to 1. */
  progress: z.number().min(0).max(1),
  /** How far its data is, of a run that moves some. */
  transfer: TransferTotals.optional(),
  error: ErrorView.optional(),
  cancelRequestedAt: z.iso.datetime().optional(),
  /** Of a run that is held: when it is given up, unless it is retried before. */
  heldUntil: z.iso.datetime().optional(),
  /** Of a run that is held: it goes on as soon as all has stopped. */
  retryRequestedAt: z.iso.datetime().optional(),
  /** Its volumes are not copied and restored until it is resumed. */
  pausedAt: z.iso.datetime().optional(),
  createdAt: z.iso.datetime(),
  /** Not before this time. */
  startAt: z.iso.datetime().optional(),
  /** When it left the queue. */
  startedAt: z.iso.datetime().optional(),
  /** The schedule that has started it. */
  scheduleId: z.uuid().optional(),
  /** Of a run in the queue. */
  waiting: WaitView.optional(),
  finishedAt: z.iso.datetime().optional(),
});
export type RunSummary = z.infer<typeof RunSummary>;

/** A volume on the destination that stages of a migration have filled. */
export const StagedVolumeView = z.object({
  namespace: z.string(),
  name: z.string(),
  destinationCluster: z.string(),
  storageClassName: z.string(),
  /**
   * `Ready`: the next stage, or the cut-over, copies what changed since. `Incomplete`: a stage did not come to its end, and the next one
   * copies everything.
   */
  state: z.enum(['Ready', 'Incomplete']),
  /** How many stages were complete, and when the last one was. */
  stages: z.number().int(),
  stagedAt: z.iso.datetime().optional(),
  /** Of the last one: content that was read, and bytes that went through the store. */
  bytes: z.number(),
  storedBytes: z.number(),
  /** It copied only what had changed. */
  isDelta: z.boolean(),
});
export type StagedVolumeView = z.infer<typeof StagedVolumeView>;

/** How a run of a migration is started. */
export const StartRun = z.object({
  /**
   * `Stage` copies the volumes, or what changed of them since the last stage, while the source runs; `CutOver` stops the source
   * and migrates.
   */
  kind: z.enum(['Migration', 'Stage', 'CutOver']).default('Migration'),
  /** Not before this time; at once where it is absent. At most a year ahead. */
  startAt: z.iso.datetime({ offset: true }).optional(),
});
export type StartRun = z.infer<typeof StartRun>;

export const CloneMigration = z.object({ name: Name });
export type CloneMigration = z.infer<typeof CloneMigration>;

/** How long a migration would take to move its data, and what that is taken from. */
export const TransferEstimate = z.object({
  seconds: z.number(),
  /** Content of all volumes together. */
  bytes: z.number(),
  /** A sentence for people. */
  basis: z.string(),
});
export type TransferEstimate = z.infer<typeof TransferEstimate>;

/** Where the archive of a run lies, and how long. */
export const RunArchiveView = z.object({
  /** None: the run ended before it wrote one. Deleting: its time has passed, or somebody has asked for it. */
  state: z.enum(['InUse', 'None', 'Kept', 'Deleting', 'Deleted']),
  storage: ArchiveStorage,
  /** For people. */
  place: z.string(),
  /** Once the run ends. */
  keptUntil: z.iso.datetime().optional(),
  deletedAt: z.iso.datetime().optional(),
});
export type RunArchiveView = z.infer<typeof RunArchiveView>;

export const RunView = RunSummary.extend({
  definition: MigrationDefinition,
  steps: z.array(StepView),
  volumes: z.array(VolumeView),
  /** Absent of runs that only take away what others made. */
  archive: RunArchiveView.optional(),
  /** How many objects had which outcome on the destination. */
  objects: z.partialRecord(ObjectOutcome, z.number().int()),
  /** Of a cut-over: when the first workload of the source was stopped. */
  quiescedAt: z.iso.datetime().optional(),
  /** When all that was to be ready on the destination was. */
  readyAt: z.iso.datetime().optional(),
  /** From the one to the other: how long the application was down. */
  downtimeSeconds: z.number().optional(),
  /** How many objects were captured, once they were: so many get an outcome. */
  objectsTotal: z.number().int().optional(),
  /** How far each of the two steps that move data is, all volumes together. */
  transfers: z.object({ copy: TransferTotals.optional(), restore: TransferTotals.optional() }),
  /** Of a preview whose volumes are known. */
  estimate: TransferEstimate.optional(),
  /** The rollback that takes it back, or has done so. */
  rolledBackBy: z.uuid().optional(),
});
export type RunView = z.infer<typeof RunView>;

/** What became of an object on the destination. */
export const RunObjectView = z.object({
  apiVersion: z.string(),
  kind: z.string(),
  namespace: z.string(),
  name: z.string(),
  outcome: ObjectOutcome,
  reason: z.string().optional(),
  /** Why it comes along though it was not selected itself. */
  includedBecause: z.string().optional(),
  /** What an update changed, or would change. */
  changes: z.array(FieldChange).optional(),
});
export type RunObjectView = z.infer<typeof RunObjectView>;

/** A finding of a run, told once however often a step was tried. */
export const RunFindingView = Finding.extend({
  /** Id of the line of the log that first told it. */
  id: z.string(),
  step: StepName.optional(),
});
export type RunFindingView = z.infer<typeof RunFindingView>;

/** A line of a run's log. */
export const RunEventView = z.object({
  /** Grows; the id of the server-sent event too. */
  id: z.string(),
  at: z.iso.datetime(),
  level: EventLevel,
  step: StepName.optional(),
  item: z.string().optional(),
  message: z.string(),
  data: z.unknown().optional(),
});
export type RunEventView = z.infer<typeof RunEventView>;

export const AppHookView = AppHook.extend({
  id: z.uuid(),
  /** Grows with each change; its ETag too. */
  version: z.number().int(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type AppHookView = z.infer<typeof AppHookView>;

/** A hook that comes with the product, to be cloned and edited. */
export const AppHookTemplate = AppHook.extend({
  /** `postgresql-pre` */
  id: z.string(),
  application: z.string(),
  /** What it does, what it asks of the pod, and what a copy taken with it is worth. */
  description: z.string(),
});
export type AppHookTemplate = z.infer<typeof AppHookTemplate>;

export const MatchHookPods = z.object({
  clusterId: z.uuid(),
  /** Names or globs; empty: all but the system's. */
  namespaces: z.array(z.string().min(1).max(253)).max(5000).default([]),
});
export type MatchHookPods = z.infer<typeof MatchHookPods>;
