import { z } from 'zod';

/** What a caller may do, from the least to the most: read; also run migrations; also manage what they use and who may call. */
export const Role = z.enum(['viewer', 'operator', 'admin']);
export type Role = z.infer<typeof Role>;

/** True if a role has all that another has. */
export function includesRole(role: Role, wanted: Role): boolean {
  return Role.options.indexOf(role) >= Role.options.indexOf(wanted);
}

export const CreateApiKey = z.object({
  name: z.string().trim().min(1).max(120),
  role: Role.default('operator'),
  /** Absent: it does not end. */
  expiresAt: z.iso.datetime().optional(),
});
export type CreateApiKey = z.infer<typeof CreateApiKey>;

export const ApiKeyView = z.object({
  id: z.uuid(),
  name: z.string(),
  role: Role,
  /** The beginning of the key, by which people tell it from others. */
  prefix: z.string(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().optional(),
  /** To a minute. */
  lastUsedAt: z.iso.datetime().optional(),
});
export type ApiKeyView = z.infer<typeof ApiKeyView>;

/** With the key, which is told this once: only a hash of it is kept. */
export const CreatedApiKey = ApiKeyView.extend({ key: z.string() });
export type CreatedApiKey = z.infer<typeof CreatedApiKey>;

/** Who calls, as the service knows the caller. */
export const CallerView = z.object({
  name: z.string(),
  role: Role,
  organisation: z.string(),
});
export type CallerView = z.infer<typeof CallerView>;
