import { isNativeError } from 'node:util/types';
import { FatalError, GodwitError, RetryableError } from '@godwit/contracts/errors';
import type { MoverExitReason } from '@godwit/contracts/mover-protocol';

/** Every reason of the engine is one of the mover's exits, so that an error and an exit code mean the same. */
const reason = (value: MoverExitReason) => value;

export function archiveDamaged(message: string, cause?: unknown): FatalError {
  return new FatalError(reason('ArchiveDamaged'), message, {
    cure: 'Copy the volume again: start a new run. The source volume is untouched.',
    cause,
  });
}

export function otherWriter(message: string): RetryableError {
  return new RetryableError(reason('OtherWriter'), message);
}

export function stalled(message: string): RetryableError {
  return new RetryableError(reason('Stalled'), message, { cure: 'See why the copy of this volume does not go on.' });
}

const UNREADABLE = 'See whether the source volume is healthy and mounted, then run again; what is copied is kept.';

/** @returns what to throw when `what` (a path for people) of the source could not be read. */
export function readFailed(what: string, cause: unknown): GodwitError {
  if (cause instanceof GodwitError) return cause;
  return new RetryableError(reason('ReadFailed'), `Cannot read ${what} of the source volume: ${describe(cause)}`, {
    cure: UNREADABLE,
    cause,
  });
}

/** @returns what to throw when `what` (a path for people) of the destination could not be written. */
export function writeFailed(what: string, cause: unknown): GodwitError {
  if (cause instanceof GodwitError) return cause;
  const code = errnoOf(cause);
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new FatalError(reason('NoSpace'), `The destination volume is full: there was no room for ${what}`, {
      cure: 'Choose a larger size for this volume, then run again.',
      cause,
    });
  }
  return new FatalError(reason('WriteFailed'), `Cannot write ${what} of the destination volume: ${describe(cause)}`, { cause });
}

/** @returns the errno code (`ENOENT`) of a failed system call, if that is what was thrown. */
export function errnoOf(error: unknown): string | undefined {
  return isNativeError(error) && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** @returns whether a system call threw this. */
export function isSystemError(error: unknown): boolean {
  return isNativeError(error) && 'syscall' in error;
}

export function isObjectNotFound(error: unknown): boolean {
  return error instanceof GodwitError && error.reason === 'ObjectNotFound';
}

export function isObjectExists(error: unknown): boolean {
  return error instanceof GodwitError && error.reason === 'ObjectExists';
}

/** Node's messages name our /proc path: people get the code and the words for it only. */
function describe(cause: unknown): string {
  if (!isNativeError(cause)) return String(cause);
  return errnoOf(cause) ? cause.message.replace(/, \w+(?: '.*)?$/s, '') : cause.message;
}
