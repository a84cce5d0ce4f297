import { FatalError, type GodwitError, RetryableError } from '@godwit/contracts/errors';
import type { MoverState } from './pod-state.ts';

/**
 * @param pod namespace and name
 * @returns the error that the end of a mover is, with the meaning of its exit code beside the message
 */
export function moverFailure(
  { exit, message }: Extract<MoverState, { phase: 'Failed' }>,
  cluster: string,
  pod: string,
): GodwitError {
  const told = `cluster "${cluster}": the mover pod ${pod} ended with ${exit.code}: ${message}`;
  const { code, meaning, reason } = exit;
  const options = { subject: { cluster, object: `Pod ${pod}` }, evidence: { exit: { code, meaning }, events: [] } };
  return exit.retryable ? new RetryableError(reason, told, options) : new FatalError(reason, told, options);
}
