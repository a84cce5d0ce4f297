import { z } from 'zod';

/** Where archives lie. `prefix` has neither a leading nor a trailing slash; all keys of ours are below it. */
export const ObjectStoreConfig = z.object({
  endpoint: z.url({ protocol: /^https?$/ }),
  region: z.string().min(1).max(64).default('us-east-1'),
  bucket: z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'is not a bucket name (3 to 63 of a-z, 0-9, "." and "-")'),
  prefix: z
    .string()
    .regex(/^([\w!.*'()-]+(\/[\w!.*'()-]+)*)?$/, 'has neither leading, trailing nor double slashes')
    .refine((prefix) => !prefix.split('/').some((part) => part === '.' || part === '..'), 'has no "." or ".." parts')
    .default(''),
  forcePathStyle: z.boolean().default(true),
  /** PEM, for a server whose certificate no public authority signed. */
  caBundle: z.string().max(100_000).optional(),
  accessKeyId: z.string().min(1).max(256),
  secretAccessKey: z.string().min(1).max(1024),
  sessionToken: z.string().max(8192).optional(),
});
export type ObjectStoreConfig = z.infer<typeof ObjectStoreConfig>;
