import type { RunLimits } from '@godwit/pipeline/admit-runs';
import { z } from 'zod';

const Limit = z.coerce.number().int().min(1).max(100_000);

const Environment = z.object({
  GODWIT_MAX_RUNS: Limit.default(64),
  GODWIT_MAX_RUNS_PER_ORGANISATION: Limit.default(16),
});

export const RUN_LIMITS = Symbol('RunLimits');

/**
 * How many runs go on at once; those of a cluster are told by the cluster.
 *
 * @throws Error that names each variable and what is wrong with it
 */
export function loadRunLimits(env: NodeJS.ProcessEnv = process.env): RunLimits {
  const parsed = Environment.safeParse(env);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => `  ${path.join('.')}: ${message}`);
    throw new Error(`job-service cannot start, its limits of runs are wrong:\n${problems.join('\n')}`);
  }
  return { total: parsed.data.GODWIT_MAX_RUNS, perOrganisation: parsed.data.GODWIT_MAX_RUNS_PER_ORGANISATION };
}
