import { hostname } from 'node:os';
import type { ManagedStore } from '@godwit/contracts/managed-storage';
import { MOVER_IMAGE } from '@godwit/contracts/mover-image';
import { z } from 'zod';
import { networkList } from './address-guard.ts';
import { loadManagedStorage } from './managed-storage.ts';

const Port = z.coerce.number().int().min(1).max(65_535);

/** Networks with commas between them. */
const Networks = z
  .string()
  .default('')
  .transform(networkList)
  .pipe(z.array(z.union([z.cidrv4(), z.cidrv6()], 'is not a list of networks, such as 10.1.0.0/16,fd12::/16')));

/** What services read from their environment. */
const ServiceConfig = z.object({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  REDIS_URL: z.url({ protocol: /^rediss?$/ }),
  /** Base64 of 32 bytes: seals the keys of what is sealed at rest. */
  GODWIT_MASTER_KEY: z
    .base64()
    .refine((key) => Buffer.from(key, 'base64').length === 32, 'is not base64 of 32 bytes (openssl rand -base64 32)'),
  GODWIT_HTTP_HOST: z.string().default('127.0.0.1'),
  GODWIT_HTTP_PORT: Port,
  GODWIT_MOVER_IMAGE: z.string().default(MOVER_IMAGE),
  STREAM_WORKERS: z.coerce.number().int().min(1).max(256).default(4),
  /** Path of a JSON file, see `ManagedStores`; absent: none is offered. */
  GODWIT_MANAGED_STORAGE: z.string().default(''),
  GODWIT_ENDPOINT_NETWORKS: Networks,
  GODWIT_ENDPOINT_DENIED_NETWORKS: Networks,
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error']).default('info'),
});

export interface ServiceConfig {
  databaseUrl: string;
  redisUrl: string;
  masterKey: Buffer;
  httpHost: string;
  httpPort: number;
  moverImage: string;
  streamWorkers: number;
  /** Object storage that is offered to all organisations. Has credentials: never to be logged. */
  managedStorage: readonly ManagedStore[];
  /**
   * Networks in which clusters and object storage may be, or must not be, beside what `endpointGuard` says. What is allowed may be
   * reached though it is denied.
   */
  endpointNetworks: { allowed: readonly string[]; denied: readonly string[] };
  logLevel: string;
  /** Tells this process from all others in leases and logs. */
  workerName: string;
}

/**
 * Reads and checks the environment, and the file of managed storage that it may name.
 *
 * @throws Error that names each variable and what is wrong with it, and never its value
 */
export function loadConfig(serviceName: string, env: NodeJS.ProcessEnv = process.env): ServiceConfig {
  const parsed = ServiceConfig.safeParse(env);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`${serviceName} cannot start, its environment is not complete:\n${problems.join('\n')}`);
  }
  const values = parsed.data;
  return {
    databaseUrl: values.DATABASE_URL,
    redisUrl: values.REDIS_URL,
    masterKey: Buffer.from(values.GODWIT_MASTER_KEY, 'base64'),
    httpHost: values.GODWIT_HTTP_HOST,
    httpPort: values.GODWIT_HTTP_PORT,
    moverImage: values.GODWIT_MOVER_IMAGE,
    streamWorkers: values.STREAM_WORKERS,
    managedStorage: loadManagedStorage(serviceName, values.GODWIT_MANAGED_STORAGE),
    endpointNetworks: { allowed: values.GODWIT_ENDPOINT_NETWORKS, denied: values.GODWIT_ENDPOINT_DENIED_NETWORKS },
    logLevel: values.LOG_LEVEL,
    workerName: `${serviceName}@${hostname()}/${process.pid}`,
  };
}
