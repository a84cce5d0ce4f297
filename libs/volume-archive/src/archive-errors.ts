import { FatalError, GodwitError, RetryableError } from '@godwit/contracts/errors';
import type { MoverExitReason } from '@godwit/contracts/mover-protocol';

/** Every reason that a mover meets is one of its exits, so that an error and an exit code mean the same. */
const reason = (value: MoverExitReason) => value;

export function archiveDamaged(message: string, cause?: unknown): FatalError {
  return new FatalError(reason('ArchiveDamaged'), message, {
    cure: 'Copy the volume again: start a new run. The source volume is untouched.',
    cause,
  });
}

export function otherWriter(message: string, cause?: unknown): RetryableError {
  return new RetryableError(reason('OtherWriter'), message, { cause });
}

export function stalled(message: string): RetryableError {
  return new RetryableError(reason('Stalled'), message, { cure: 'See why the copy of this volume does not go on.' });
}

export function archiveIncomplete(prefix: string): RetryableError {
  return new RetryableError(reason('Stalled'), `The archive ${prefix} is not complete: it has no closing object`, {
    cure: 'Wait until its copy has ended, or run the migration again: the copy goes on where it stopped.',
  });
}

export function archiveNotFound(prefix: string): RetryableError {
  return new RetryableError(reason('Stalled'), `There is no archive ${prefix}, or nothing of it yet: it is not complete`, {
    cure: 'Compare the prefixes of store and archive in the configuration with the keys in the bucket.',
  });
}

/** Of one who asks for a file by name; no mover does, so this reason is none of its exits. */
export function notReadable(path: string, why: string): FatalError {
  return new FatalError('NotReadable', `${path} ${why}`, { cure: 'See what the archive holds: list it.' });
}

export function baseMissing(message: string): FatalError {
  return new FatalError(reason('BaseMissing'), message, { cure: 'Start a new run: it copies the whole volume.' });
}

/** The volume changed behind a copy that was interrupted, in a way that going on cannot mend: it starts over. Nobody else sees it. */
export class SourceMoved extends Error {}

/** What the native core's reasons become. */
const FAILURES: Record<string, (message: string) => Error> = {
  ArchiveDamaged: (message) => archiveDamaged(message),
  BaseMissing: baseMissing,
  ReadFailed: (message) =>
    new RetryableError(reason('ReadFailed'), message, {
      cure: 'See whether the source volume is healthy and mounted, then run again; what is copied is kept.',
    }),
  WriteFailed: (message) => new RetryableError(reason('WriteFailed'), message),
  NoSpace: (message) =>
    new FatalError(reason('NoSpace'), message, { cure: 'Choose a larger size for this volume, then run again.' }),
  Cancelled: (message) => new RetryableError(reason('Cancelled'), message),
  SourceMoved: (message) => new SourceMoved(message),
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
