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

export function baseMissing(message: string): FatalError {
  return new FatalError(reason('BaseMissing'), message, { cure: 'Start a new run: it copies the whole volume.' });
}

/** What the native core's reasons become. */
const FAILURES: Record<string, (message: string) => Error> = {
  ArchiveDamaged: (message) => archiveDamaged(message),
  BaseMissing: baseMissing,
  ReadFailed: (message) =>
    new RetryableError(reason('ReadFailed'), message, {
      cure: 'See whether the source volume is healthy and mounted, then run again; what is copied is kept.',
    }),
  WriteFailed: (message) => new FatalError(reason('WriteFailed'), message),
  NoSpace: (message) =>
    new FatalError(reason('NoSpace'), message, { cure: 'Choose a larger size for this volume, then run again.' }),
  Cancelled: (message) => new RetryableError(reason('Cancelled'), message),
};

/** @returns undefined for a reason that the core does not have */
export function failureOf(name: string, message: string): Error | undefined {
  return FAILURES[name]?.(message);
}

export function isObjectNotFound(error: unknown): boolean {
  return error instanceof GodwitError && error.reason === 'ObjectNotFound';
}

export function isObjectExists(error: unknown): boolean {
  return error instanceof GodwitError && error.reason === 'ObjectExists';
}
