import { type FieldError, ProblemDetails } from '@godwit/contracts/problem-details';

/** An answer that is not what was asked for, or none at all. */
export class RequestError extends Error {
  constructor(
    message: string,
    /** HTTP status; undefined when there was no answer. */
    readonly status: number | undefined,
    /** What to do, as a sentence. */
    readonly cure: string,
    /** The fields of the request that are wrong. */
    readonly fields: readonly FieldError[] = [],
  ) {
    super(message);
    this.name = 'RequestError';
  }
}

export function noAnswer(): RequestError {
  return new RequestError(
    'Godwit does not answer',
    undefined,
    'See that job-service runs and that this machine reaches it. What you entered is still here.',
  );
}

/** @param body of an answer whose status says that it failed */
export function refusalOf(status: number, body: unknown): RequestError {
  const problem = ProblemDetails.safeParse(body).data;
  const message = problem && [problem.title, problem.detail].filter(Boolean).join(': ');
  // What the API says of it is for programs.
  if (status === 412) return new RequestError('it was changed by somebody else since it was read', status, cureOf(status));
  // What went wrong behind the API is told with what to do.
  if (status >= 500 && problem?.detail) return new RequestError(problem.title, status, problem.detail);
  return new RequestError(message ?? `Godwit answered ${status}`, status, cureOf(status), problem?.errors);
}

/** Whether a failed read is worth another try: not when the answer was that the request is wrong, or came after a long wait. */
export function shouldRetry(failures: number, error: Error): boolean {
  const refused = error instanceof RequestError && error.status !== undefined && (error.status < 500 || error.status === 503);
  return !refused && failures < 2;
}

function cureOf(status: number): string {
  if (status === 401) return 'Sign in again.';
  if (status === 403) return 'Ask an administrator for a key with this role.';
  if (status === 404) return 'It may have been deleted meanwhile; look for it in its list.';
  if (status === 412) return 'Close this, look at what it is now, and do it again if it is still right.';
  if (status === 409) return 'See what is said above, then try again.';
  if (status >= 500) return 'Look into the log of job-service; its database may be away.';
  return 'Change what is said above, then try again.';
}
