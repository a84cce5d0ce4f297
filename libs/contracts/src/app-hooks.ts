import { z } from 'zod';

/** When a hook runs; `Common` goes with each. */
export const AppHookType = z.enum(['Pre', 'Post', 'PostRestore', 'Common']);
export type AppHookType = z.infer<typeof AppHookType>;

/** A command that is run in the pods of an application before, or after, its volumes are copied or restored. */
export const AppHookSpec = z.object({
  type: AppHookType,
  /** Labels of the pods, in the seed grammar: all keys must match, a comma between values means "or". */
  labels: z.string().trim().min(1).max(4096),
  /** Absent: the first container of the pod. */
  container: z
    .string()
    .max(63)
    .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, 'is not the name of a container')
    .optional(),
  /** The program and its arguments. There is no shell but the one that is named here: `["sh", "-c", "…"]`. */
  command: z.array(z.string().max(32_768)).min(1).max(256),
  timeoutSeconds: z.number().int().min(1).max(86_400).default(30),
  /** What a command that fails, or takes too long, means for the run. */
  onError: z.enum(['Fail', 'Continue']).default('Fail'),
});
export type AppHookSpec = z.infer<typeof AppHookSpec>;

/** A hook as it is saved. */
export const AppHook = AppHookSpec.extend({ name: z.string().trim().min(1).max(120) });
export type AppHook = z.infer<typeof AppHook>;

/** A hook of a run: what was saved when the run began, and the namespaces of the source that it is for. */
export interface RunHook extends AppHook {
  /** Names or globs; empty: every selected namespace. */
  namespaces: string[];
}

/** The hooks of a run, each list in its order. */
export interface RunHooks {
  sourcePre: RunHook[];
  sourcePost: RunHook[];
  destinationPost: RunHook[];
}

export const HOOK_SLOTS = ['sourcePre', 'sourcePost', 'destinationPost'] as const;
export type HookSlot = (typeof HOOK_SLOTS)[number];

/** Which types of hooks may stand where. */
export const TYPES_OF_SLOT: Readonly<Record<HookSlot, readonly AppHookType[]>> = {
  sourcePre: ['Pre', 'Common'],
  sourcePost: ['Post', 'Common'],
  destinationPost: ['PostRestore', 'Common'],
};
