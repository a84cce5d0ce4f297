import { GodwitError } from '@godwit/contracts/errors';
import type { FieldError, ProblemDetails } from '@godwit/contracts/problem-details';
import { HttpException } from '@nestjs/common';

/** An HTTP error that names the fields that are wrong. */
export class FieldProblem extends HttpException {
  constructor(
    status: number,
    title: string,
    readonly fields: FieldError[],
  ) {
    super(title, status);
  }
}

/** What is asked for cannot be had at this moment, since something of ours does not answer. */
export class UnavailableProblem extends HttpException {
  /** @param retryAfterSeconds when it may be worth to ask again */
  constructor(
    readonly reason: string,
    title: string,
    readonly cure: string,
    readonly retryAfterSeconds: number,
  ) {
    super(title, 503);
  }
}

const UNREADABLE: Record<string, string> = {
  'entity.parse.failed': 'the body is not valid JSON',
  'entity.too.large': 'the body is too large',
};

/** The problem of any thrown value. */
export function problemOf(error: unknown): ProblemDetails {
  if (error instanceof FieldProblem)
    return { type: 'about:blank', status: error.getStatus(), title: error.message, errors: error.fields };
  if (error instanceof UnavailableProblem)
    return { type: 'about:blank', status: 503, title: error.message, reason: error.reason, detail: error.cure };
  if (error instanceof HttpException) return fromHttp(error);
  if (error instanceof GodwitError) {
    return {
      type: 'about:blank',
      status: 502,
      title: error.message,
      reason: error.reason,
      ...(error.cure ? { detail: error.cure } : {}),
    };
  }
  const { type = '', status } = (error ?? {}) as { type?: string; status?: number };
  // Express' own errors, of bodies and paths that it cannot read.
  if (status && status >= 400 && status < 500)
    return { type: 'about:blank', status, title: UNREADABLE[type] ?? 'the request cannot be read' };
  return { type: 'about:blank', status: 500, title: 'an unexpected error; the log of the service has more' };
}

function fromHttp(error: HttpException): ProblemDetails {
  const answer = error.getResponse();
  const message = typeof answer === 'object' ? (answer as { message?: unknown }).message : answer;
  const title = Array.isArray(message) ? message.map(String).join('; ') : String(message ?? error.message);
  return { type: 'about:blank', status: error.getStatus(), title };
}
