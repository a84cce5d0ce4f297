import { ProblemDetails } from '@godwit/contracts/problem-details';

/** An answer that is not what was asked for, or none at all. */
export class RequestError extends Error {
  constructor(
    message: string,
    /** HTTP status; undefined when there was no answer. */
    readonly status: number | undefined,
    /** What to do, as a sentence. */
    readonly cure: string,
  ) {
    super(message);
    this.name = 'RequestError';
  }
}

/** @returns the JSON that the API answers; @throws RequestError */
export async function request<T>(path: string, init?: RequestInit): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, { ...init, headers: { accept: 'application/json', ...init?.headers } });
  } catch (error) {
    if ((error as Error).name === 'AbortError') throw error;
    throw new RequestError('Godwit does not answer', undefined, 'See that job-service runs and that this machine reaches it.');
  }
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok && body !== undefined) return body as T;
  throw new RequestError(titleOf(body) ?? `Godwit answered ${response.status}`, response.status, cureOf(response.status));
}

/** Whether a failed read is worth another try: not when the answer was that the request is wrong. */
export function shouldRetry(failures: number, error: Error): boolean {
  const refused = error instanceof RequestError && error.status !== undefined && error.status < 500;
  return !refused && failures < 2;
}

function titleOf(body: unknown): string | undefined {
  const problem = ProblemDetails.safeParse(body).data;
  return problem && [problem.title, problem.detail].filter(Boolean).join(': ');
}

function cureOf(status: number): string {
  if (status === 404) return 'It may have been deleted; look for it in the list of runs.';
  if (status >= 500) return 'Look into the log of job-service; its database may be away.';
  return 'Load the page again.';
}
