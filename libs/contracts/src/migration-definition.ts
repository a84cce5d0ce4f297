import { z } from 'zod';

const DNS_LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
/** A namespace's name (RFC 1123 label). */
export const NamespaceName = z.string().max(63).regex(DNS_LABEL, 'is not a namespace name: a-z, 0-9 and "-", 63 at most');
/** A namespace's name, or a glob of names with `*` and `?`. */
const NamespacePattern = z
  .string()
  .min(1)
  .max(253)
  .regex(/^[-a-z0-9*?]+$/, 'is neither a namespace name nor a glob of "*" and "?"');
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

export const CopyOptions = z.object({
  /** Registered object store that the archive passes through. */
  objectStoreId: z.uuid(),
  /** Most streams in flight between a cluster and the store. */
  concurrentStreams: z.number().int().min(1).max(16).default(2),
  /** How long a mover pod may take to start once its volume is bound. */
  moverPodTimeoutSeconds: z.number().int().min(10).max(86_400).default(900),
  /** How long a snapshot may take to become ready. */
  snapshotTimeoutSeconds: z.number().int().min(10).max(86_400).default(600),
  /** MB (10^6 bytes) per second and stream; absent: unlimited. */
  maxSpeedPerStreamMBps: z.number().positive().max(100_000).optional(),
  /** Leave out PVCs that no pod uses. */
  excludeUnattachedPvcs: z.boolean().default(false),
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

export const RestoreTransforms = z.object({
  renameNamespaces: NamespaceRename.prefault({}),
  /** Class on the source -> class on the destination. Unmapped classes stay; the empty name on the right means the default class. */
  storageClasses: z.record(ClassName, z.union([ClassName, z.literal('')])).default({}),
  preserveNodePorts: z.boolean().default(false),
  overwriteExisting: z.boolean().default(false),
});
export type RestoreTransforms = z.infer<typeof RestoreTransforms>;

/** Where to: a registered cluster. */
export const Destination = z.discriminatedUnion('type', [z.object({ type: z.literal('Registered'), clusterId: z.uuid() })]);
export type Destination = z.infer<typeof Destination>;

/** What a migration is: the one schema of the API and of the wizard's form. */
export const MigrationDefinition = z
  .object({
    name: z.string().trim().min(1).max(120),
    sourceClusterId: z.uuid(),
    selection: Selection.prefault({}),
    copy: CopyOptions,
    destination: Destination,
    transforms: RestoreTransforms.prefault({}),
  })
  .superRefine((definition, context) => {
    if (definition.destination.clusterId === definition.sourceClusterId) {
      context.addIssue({ code: 'custom', path: ['destination', 'clusterId'], message: 'is the source cluster; choose another' });
    }
  });
export type MigrationDefinition = z.infer<typeof MigrationDefinition>;
