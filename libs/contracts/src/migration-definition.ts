import { z } from 'zod';
import { CopyStorage } from './archive-storage.ts';
import { Destination, registeredClusterId } from './destination.ts';
import { MigrationRetention } from './retention.ts';

const DNS_LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
/** A namespace's name (RFC 1123 label). */
export const NamespaceName = z.string().max(63).regex(DNS_LABEL, 'is not a namespace name: a-z, 0-9 and "-", 63 at most');
/** A namespace's name, or a glob of names with `*` and `?`. */
const NamespacePattern = z
  .string()
  .min(1)
  .max(253)
  .regex(/^[-a-z0-9*?]+$/, 'is neither a namespace name nor a glob of "*" and "?"');
const IMAGE_PREFIX = /^[a-zA-Z0-9]([-a-zA-Z0-9.]*[a-zA-Z0-9])?(:[0-9]{1,5})?(\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/;
const ClassName = z
  .string()
  .min(1)
  .max(253)
  .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/, 'is not the name of a class');

/** Which objects go along. Defaults as in the wizard: the full cluster. */
export const Selection = z
  .object({
    scope: z.enum(['FullCluster', 'Namespaces']).default('FullCluster'),
    /** For `Namespaces`: names or globs. */
    namespaces: z.array(NamespacePattern).max(5000).default([]),
    /** For `FullCluster`: names or globs that stay. */
    excludeNamespaces: z.array(NamespacePattern).max(5000).default([]),
    /** Only these types (plural names, kinds, short names, `name.group`); empty: all. */
    resourceTypes: z.array(z.string().min(1).max(317)).max(500).default([]),
    excludeResourceTypes: z.array(z.string().min(1).max(317)).max(500).default([]),
    /** Seed grammar: `a:b,c x:y` = (a is b or c) and x is y. Empty: all objects. */
    labels: z.string().max(4096).default(''),
    /**
     * Kubernetes selectors as kubectl takes them (`app in (web,api),tier!=test`); an object needs to meet one of them, beside
     * `labels`. Empty: all objects.
     */
    labelSelectors: z.array(z.string().min(1).max(4096)).max(50).default([]),
    /** What selected objects refer to comes along (claims, configuration, accounts with their bindings), whatever its labels. */
    includeDependencies: z.boolean().default(true),
    /** Cluster-scoped objects: those that the selected ones need, or all that are not the cluster's own. */
    clusterScoped: z.enum(['Needed', 'All']).default('Needed'),
    /**
     * What becomes of PersistentVolumes made by hand for a server on the network (NFS, SMB), if nothing deletes the storage with
     * them: their data is copied into a volume of the destination, or the destination gets one for the same server and no data
     * is copied. Of others the data is copied.
     */
    staticVolumes: z.enum(['Copy', 'Recreate']).default('Copy'),
  })
  .superRefine((selection, context) => {
    if (selection.scope === 'Namespaces' && selection.namespaces.length === 0) {
      context.addIssue({
        code: 'custom',
        path: ['namespaces'],
        message: 'names no namespace; with scope Namespaces at least one is needed',
      });
    }
    if (selection.scope === 'Namespaces' && selection.excludeNamespaces.length > 0) {
      context.addIssue({ code: 'custom', path: ['excludeNamespaces'], message: 'only goes with scope FullCluster' });
    }
  });
export type Selection = z.infer<typeof Selection>;

const DriverName = z
  .string()
  .min(1)
  .max(63)
  .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/i, 'is not the name of a CSI driver');

/**
 * Which volumes are read as they are instead of from a snapshot: faster, but what is copied is not of one moment. Off by
 * default; hooks should bring the application to rest, and those after it run when these volumes are copied.
 */
export const LiveCopy = z.object({
  /** All volumes of Longhorn. */
  longhorn: z.boolean().default(false),
  /** Those of claims of these classes on the source. */
  storageClasses: z.array(ClassName).max(200).default([]),
  /** Those of these CSI drivers. */
  drivers: z.array(DriverName).max(200).default([]),
  /** Those of which no snapshot can be taken: their driver has no VolumeSnapshotClass, or they are of none (NFS, local disks). */
  withoutSnapshots: z.boolean().default(false),
});
export type LiveCopy = z.infer<typeof LiveCopy>;

export const CopyOptions = z.object({
  /** Object storage that the archive passes through. */
  storage: CopyStorage.default({ type: 'ClusterPreference' }),
  /** Most streams in flight between a cluster and the store. */
  concurrentStreams: z.number().int().min(1).max(16).default(2),
  /** How long a mover pod may take to start once its volume is bound. */
  moverPodTimeoutSeconds: z.number().int().min(10).max(86_400).default(900),
  /** How long a snapshot may take to become ready. */
  snapshotTimeoutSeconds: z.number().int().min(10).max(86_400).default(600),
  /** How long the pods of the source may take to stop when it is cut over. */
  quiesceTimeoutSeconds: z.number().int().min(10).max(86_400).default(600),
  /** MB (10^6 bytes) per second and stream; absent: unlimited. */
  maxSpeedPerStreamMBps: z.number().positive().max(100_000).optional(),
  /**
   * Class of a claim on the source -> class of the same driver for the temporary claim that is made from its snapshot (fewer
   * replicas, cheaper disks). Unmapped classes stay.
   */
  temporaryStorageClasses: z.record(ClassName, ClassName).default({}),
  /** CSI driver -> VolumeSnapshotClass. Of other drivers, their default class, or the first by name. */
  snapshotClasses: z.record(z.string().min(1).max(253), ClassName).default({}),
  /** Leave out PVCs that no pod uses. */
  excludeUnattachedPvcs: z.boolean().default(false),
  live: LiveCopy.prefault({}),
  /**
   * Classes of claims on the source whose snapshots are made volumes only for reading (ReadOnlyMany), where their driver can
   * show a snapshot without copying it. CephFS does so by itself and need not be named; block volumes never do.
   */
  readOnlyStorageClasses: z.array(ClassName).max(200).default([]),
});
export type CopyOptions = z.infer<typeof CopyOptions>;

export const NamespaceRename = z.object({
  prefix: z
    .string()
    .max(62)
    .regex(/^([a-z0-9][-a-z0-9]*)?$/, 'starts with a-z or 0-9 and has only a-z, 0-9 and "-"')
    .default(''),
  suffix: z
    .string()
    .max(62)
    .regex(/^([-a-z0-9]*[a-z0-9])?$/, 'ends with a-z or 0-9 and has only a-z, 0-9 and "-"')
    .default(''),
  /** Old name -> new name; prefix and suffix do not apply to these. Unmapped names keep theirs (or get prefix and suffix). */
  map: z.record(NamespaceName, NamespaceName).default({}),
});
export type NamespaceRename = z.infer<typeof NamespaceRename>;

/** Which objects of the source a rule is for; what is absent or empty means any. All that is given must hold. */
export const ObjectMatch = z.object({
  /** Plural names, kinds or short names, alone or with `.group`; as in `Selection.resourceTypes`. */
  resourceTypes: z.array(z.string().min(1).max(317)).max(100).default([]),
  /** Names or globs, as on the source. */
  namespaces: z.array(NamespacePattern).max(1000).default([]),
  /** Names or globs. */
  names: z.array(z.string().min(1).max(253)).max(1000).default([]),
  /** A Kubernetes selector as kubectl takes it. */
  labelSelector: z.string().max(4096).default(''),
});
export type ObjectMatch = z.infer<typeof ObjectMatch>;

/** A pointer into a manifest (RFC 6901). */
const JsonPointer = z
  .string()
  .max(1024)
  .regex(/^(\/([^~/]|~[01])*)*$/, 'is not a JSON pointer, such as /spec/replicas');

type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };
const JsonValue: z.ZodType<JsonValue> = z
  .lazy(() => z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(JsonValue), z.record(z.string(), JsonValue)]))
  .meta({ id: 'JsonValue' });

/** One operation of a JSON patch (RFC 6902). */
export const JsonPatchOperation = z.discriminatedUnion('op', [
  z.object({ op: z.enum(['add', 'replace', 'test']), path: JsonPointer, value: JsonValue }),
  z.object({ op: z.literal('remove'), path: JsonPointer }),
  z.object({ op: z.enum(['move', 'copy']), from: JsonPointer, path: JsonPointer }),
]);
export type JsonPatchOperation = z.infer<typeof JsonPatchOperation>;

/** A change to the manifests that match, made after all other transforms. */
export const ResourceModifier = z
  .object({
    match: ObjectMatch.prefault({}),
    /** In order; where a `test` does not hold, the object is left as it is. */
    jsonPatch: z.array(JsonPatchOperation).max(100).default([]),
    /** RFC 7386: what is null is taken away. */
    mergePatch: z.record(z.string(), JsonValue).optional(),
  })
  .superRefine((modifier, context) => {
    if (modifier.jsonPatch.length === 0 && !modifier.mergePatch) {
      context.addIssue({ code: 'custom', path: ['jsonPatch'], message: 'changes nothing; give jsonPatch or mergePatch' });
    }
  });
export type ResourceModifier = z.infer<typeof ResourceModifier>;

/** Images whose name begins with `from` are taken from `to`. */
export const ImageRegistry = z.object({
  /** A registry, or a registry with the beginning of a path: `docker.io/library`. */
  from: z.string().min(1).max(255).regex(IMAGE_PREFIX, 'is not the beginning of an image name, such as docker.io/library'),
  to: z.string().min(1).max(255).regex(IMAGE_PREFIX, 'is not the beginning of an image name, such as docker.io/library'),
});
export type ImageRegistry = z.infer<typeof ImageRegistry>;

/** How many replicas the workloads that match get on the destination; the first rule that matches counts. */
export const ReplicaOverride = z.object({
  match: ObjectMatch.prefault({}),
  replicas: z.number().int().min(0).max(100_000),
});
export type ReplicaOverride = z.infer<typeof ReplicaOverride>;

export const RestoreTransforms = z.object({
  renameNamespaces: NamespaceRename.prefault({}),
  /**
   * Class on the source -> class on the destination. Unmapped classes stay. The empty name means on the right the default class, and on the left
   * that of a claim which names none, as those of volumes made by hand often do.
   */
  storageClasses: z.record(z.union([ClassName, z.literal('')]), z.union([ClassName, z.literal('')])).default({}),
  preserveNodePorts: z.boolean().default(false),
  overwriteExisting: z.boolean().default(false),
  /** Rewrite Service names of renamed namespaces in free text too (environment, arguments, ConfigMaps); else they are reported. */
  rewriteText: z.boolean().default(false),
  /** Finalizers whose controllers run on the destination; others are dropped and reported. */
  keepFinalizers: z.array(z.string().min(1).max(317)).max(200).default([]),
  /** Types whose status is applied too, through the status subresource. */
  restoreStatus: z.array(z.string().min(1).max(317)).max(200).default([]),
  imageRegistries: z.array(ImageRegistry).max(200).default([]),
  replicas: z.array(ReplicaOverride).max(200).default([]),
  resourceModifiers: z.array(ResourceModifier).max(200).default([]),
});
export type RestoreTransforms = z.infer<typeof RestoreTransforms>;

/** A saved hook, and where it runs. */
export const HookUse = z.object({
  hookId: z.uuid(),
  /** Names or globs of namespaces on the source; empty: every selected one. */
  namespaces: z.array(NamespacePattern).max(5000).default([]),
});
export type HookUse = z.infer<typeof HookUse>;

/** Commands in the pods of the applications, each list in its order. */
export const MigrationHooks = z.object({
  /** Before the snapshots. */
  sourcePre: z.array(HookUse).max(50).default([]),
  /** As soon as the last snapshot is cut and the last live volume is copied; also when the run ends before that, once a pre hook has begun. */
  sourcePost: z.array(HookUse).max(50).default([]),
  /** When the migrated pods are ready. */
  destinationPost: z.array(HookUse).max(50).default([]),
});
export type MigrationHooks = z.infer<typeof MigrationHooks>;

/** What becomes of a run that fails. */
export const OnFailure = z.object({
  /** So long it keeps its snapshots, copies and archive, to be retried from the failed step; 0: it is cleaned up at once. */
  holdMinutes: z.number().int().min(0).max(10_080).default(60),
});
export type OnFailure = z.infer<typeof OnFailure>;

/** What a migration is: the one schema of the API and of the wizard's form. */
export const MigrationDefinition = z
  .object({
    name: z.string().trim().min(1).max(120),
    sourceClusterId: z.uuid(),
    selection: Selection.prefault({}),
    copy: CopyOptions.prefault({}),
    destination: Destination,
    transforms: RestoreTransforms.prefault({}),
    hooks: MigrationHooks.prefault({}),
    onFailure: OnFailure.prefault({}),
    retention: MigrationRetention.prefault({}),
  })
  .superRefine((definition, context) => {
    if (registeredClusterId(definition.destination) === definition.sourceClusterId) {
      context.addIssue({ code: 'custom', path: ['destination', 'clusterId'], message: 'is the source cluster; choose another' });
    }
  });
export type MigrationDefinition = z.infer<typeof MigrationDefinition>;
