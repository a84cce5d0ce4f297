import { FatalError, type GodwitError, RetryableError } from '@godwit/contracts/errors';
import type { Finding } from '@godwit/contracts/findings';

/** The error with which the step ends. Retryable only if each of the problems may pass by itself. */
export function preflightFailed(problems: readonly Finding[]): GodwitError {
  const first = problems[0];
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more, see the log)` : '';
  const options = { cure: first?.cure, subject: { cluster: first?.cluster, object: first?.object } };
  const message = `${first?.object ? `${first.object}: ` : ''}${first?.message}${more}`;
  const passing = problems.every(
    ({ reason }) => reason === 'ApiServerBusy' || reason === 'ClusterUnreachable' || reason === 'StoreUnreachable',
  );
  return passing
    ? new RetryableError(first?.reason ?? 'Preflight', message, options)
    : new FatalError(first?.reason ?? 'Preflight', message, options);
}
