import { z } from 'zod';

const Environment = z.object({
  /** How long verify waits for workloads to become ready. */
  VERIFY_READY_TIMEOUT_SECONDS: z.coerce.number().int().min(1).max(86_400).default(300),
});

/** What this service reads from its environment beside what all services read. */
export interface RestoreConfig {
  readyTimeoutMs: number;
}

export const RESTORE_CONFIG = Symbol('RestoreConfig');

/** @throws Error that names the variable and what is wrong with it */
export function loadRestoreConfig(env: NodeJS.ProcessEnv = process.env): RestoreConfig {
  const parsed = Environment.safeParse(env);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`restore-service cannot start, its environment is wrong:\n${problems.join('\n')}`);
  }
  return { readyTimeoutMs: parsed.data.VERIFY_READY_TIMEOUT_SECONDS * 1000 };
}
