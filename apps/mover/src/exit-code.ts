import { GodwitError } from '@godwit/contracts/errors';
import { MOVER_EXITS, type MoverExitReason } from '@godwit/contracts/mover-protocol';

/** What SIGTERM makes the work end with. */
export class Cancelled extends Error {}

/** @returns the exit that tells of this error; object storage's many fatal reasons share one. */
export function exitOf(error: unknown): { code: number; reason: MoverExitReason } {
  const { code, reason } = MOVER_EXITS.find((exit) => exit.reason === reasonOf(error)) ?? MOVER_EXITS[1];
  return { code, reason };
}

function reasonOf(error: unknown): string {
  if (error instanceof Cancelled) return 'Cancelled';
  if (!(error instanceof GodwitError)) return 'Unexpected';
  const isOfStore = error.kind === 'fatal' && (error.reason.startsWith('Store') || error.reason === 'BucketNotFound');
  return isOfStore ? 'StoreRefused' : error.reason;
}
