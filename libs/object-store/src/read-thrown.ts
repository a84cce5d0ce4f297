import { isNativeError } from 'node:util/types';
import { GodwitError } from '@godwit/contracts/errors';

/** What the S3 client threw, as far as we read it. Its `$response` holds headers with credentials: it never leaves this file whole. */
export interface Thrown {
  name: string;
  message: string;
  code: string | undefined;
  status: number | undefined;
}

/** Fields that the S3 client adds to what it throws. */
interface ClientFields {
  $metadata?: { httpStatusCode?: number; clockSkewCorrected?: boolean };
  $response?: { headers?: Record<string, string | undefined> };
  code?: unknown;
}

/** Codes of requests that got no whole answer, in words. Sending such a request again may help. */
export const NETWORK: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there (ECONNREFUSED)',
  ECONNRESET: 'the connection was closed in the middle (ECONNRESET)',
  EPIPE: 'the connection was closed in the middle (EPIPE)',
  ENOTFOUND: 'its name is not known to DNS (ENOTFOUND)',
  EAI_AGAIN: 'DNS did not answer (EAI_AGAIN)',
  EHOSTUNREACH: 'there is no route to it (EHOSTUNREACH)',
  ENETUNREACH: 'there is no route to it (ENETUNREACH)',
  ETIMEDOUT: 'it did not answer in time (ETIMEDOUT)',
  TimeoutError: 'it did not answer in time',
  IncompleteBody: 'an answer ended before it was complete',
  // The codes of TransferFailure (contracts/pack-transfer.ts) that have no name of the same meaning above.
  TIMEOUT: 'it did not answer in time',
  INCOMPLETE: 'an answer ended before it was complete',
};
/** Failures of which nothing is known but that no answer came. */
const UNKNOWN_FAILURE = 'OTHER';
/** What S3 says with a status that would be final otherwise. */
const ASKED_TO_REPEAT = new Set(['RequestTimeout', 'SlowDown']);

/** @returns whether the object (and not the bucket) is missing. */
export function isMissingObject(error: unknown): boolean {
  const { name } = readThrown(error);
  return name === 'NoSuchKey' || name === 'NotFound';
}

/** @returns whether a multipart upload is not there (any more); some servers say so when there is none to list. */
export function isMissingUpload(error: unknown): boolean {
  return readThrown(error).name === 'NoSuchUpload';
}

/** @returns whether a write that must not overwrite found the key taken (or lost the race for it). */
export function isPreconditionFailed(error: unknown): boolean {
  const { name, status } = readThrown(error);
  return status === 412 || name === 'PreconditionFailed' || name === 'ConditionalRequestConflict';
}

/** @returns whether the server does not know what it was asked for (conditional writes, batch deletes). */
export function isNotImplemented(error: unknown): boolean {
  const { name, status } = readThrown(error);
  return status === 501 || name === 'NotImplemented';
}

/** @returns whether a range began behind the end of the object: it is empty. */
export function isEmptyRange(error: unknown): boolean {
  return readThrown(error).status === 416;
}

/** @returns whether sending the same request again may help. */
export function isTransient(error: unknown): boolean {
  if (error instanceof GodwitError) return false;
  const thrown = readThrown(error);
  const code = thrown.code ?? thrown.name;
  return Object.hasOwn(NETWORK, code) || code === UNKNOWN_FAILURE || isStatusOfTheMoment(thrown);
}

/**
 * @returns whether a request was refused, perhaps for its time (an answer to HEAD does not say why), and the client's clock has just been
 * set by that of the server, which was more than some minutes off. The client notes the latter of any answer.
 */
export function isRefusedByClock(error: unknown): boolean {
  if (!isNativeError(error)) return false;
  const { $metadata } = error as ClientFields;
  return $metadata?.httpStatusCode === 403 && $metadata.clockSkewCorrected === true;
}

/** @returns the answer's header `Retry-After` */
export function retryAfterOf(error: unknown): string | undefined {
  return isNativeError(error) ? (error as ClientFields).$response?.headers?.['retry-after'] : undefined;
}

/** @returns whether no answer came, so that nobody knows what became of the request */
export function isUnanswered(error: unknown): boolean {
  return !(error instanceof GodwitError) && readThrown(error).status === undefined;
}

/** @returns whether an answer may be another one in a moment. */
export function isStatusOfTheMoment({ name, status }: Thrown): boolean {
  if (status === undefined) return false;
  return (status >= 500 && status !== 501) || status === 408 || status === 429 || ASKED_TO_REPEAT.has(name);
}

/** @returns what there is to know of a failure; nothing in it is secret. */
export function readThrown(error: unknown): Thrown {
  if (!isNativeError(error)) return { name: '', message: String(error), code: undefined, status: undefined };
  const { $metadata, code } = error as ClientFields;
  const status = $metadata?.httpStatusCode;
  if (typeof code === 'string' || status !== undefined) {
    return { name: error.name, message: error.message, code: typeof code === 'string' ? code : undefined, status };
  }
  // The client may wrap what the socket threw and keep only its text.
  return {
    name: error.name,
    message: error.message,
    code: /\b(?:E[A-Z_]{3,}|[A-Z]+(?:_[A-Z]+)+)\b/.exec(error.message)?.[0],
    status,
  };
}
