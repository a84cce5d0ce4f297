/**
 * The errors of the product. Their kind decides what happens next, so it is a type and not a flag:
 * a fatal error ends the step, a retryable one is tried again by the step table, and a declined one means that
 * there was nothing to do and says why.
 */
export type ErrorKind = 'fatal' | 'retryable' | 'declined';

/** What an error is about, so that a person finds the object. */
export interface ErrorSubject {
  /** Name of the registered cluster. */
  cluster?: string;
  /** `Kind namespace/name`, or `Kind name`. */
  object?: string;
}

/** What was seen of a pod that failed, beside what the error says of it. */
export interface ErrorEvidence {
  /** How its program ended, if it did. */
  exit?: { code: number; meaning: string };
  /** What Kubernetes told of the pod, the latest last. */
  events: string[];
}

export interface ErrorOptionsForPeople {
  /** What to do next, as a sentence. */
  cure?: string;
  subject?: ErrorSubject;
  evidence?: ErrorEvidence;
  cause?: unknown;
}

/** What is stored and shown of an error; never holds a secret. */
export interface ErrorReport {
  kind: ErrorKind;
  /** Stable CamelCase reason, like the reasons of Kubernetes conditions. */
  reason: string;
  message: string;
  cure?: string;
  subject?: ErrorSubject;
  evidence?: ErrorEvidence;
}

export abstract class GodwitError extends Error {
  abstract readonly kind: ErrorKind;
  readonly reason: string;
  readonly cure?: string;
  readonly subject?: ErrorSubject;
  /** Looked for once it has failed. */
  evidence?: ErrorEvidence;

  constructor(reason: string, message: string, options: ErrorOptionsForPeople = {}) {
    super(message, { cause: options.cause });
    this.name = new.target.name;
    this.reason = reason;
    this.cure = options.cure;
    this.subject = options.subject;
    this.evidence = options.evidence;
  }
}

/** Trying again as it is cannot help. */
export class FatalError extends GodwitError {
  readonly kind = 'fatal';
}

/** The same call may succeed later (a time-out, a 5xx, a conflict). */
export class RetryableError extends GodwitError {
  readonly kind = 'retryable';
}

/** There was a good reason to do nothing. */
export class DeclinedError extends GodwitError {
  readonly kind = 'declined';
}

/** @returns what may be stored and shown of any thrown value. An unknown error is retryable: it is most often of the moment. */
export function reportError(error: unknown): ErrorReport {
  if (error instanceof GodwitError) {
    return {
      kind: error.kind,
      reason: error.reason,
      message: error.message,
      ...(error.cure ? { cure: error.cure } : {}),
      ...(error.subject ? { subject: error.subject } : {}),
      ...(error.evidence ? { evidence: error.evidence } : {}),
    };
  }
  return { kind: 'retryable', reason: 'Unexpected', message: error instanceof Error ? error.message : String(error) };
}
