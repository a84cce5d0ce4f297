import { FatalError, GodwitError, RetryableError } from '@godwit/contracts/errors';

/** As Google's libraries throw them: of the SDK, of a request, of a request for a token. */
interface GcpError extends Error {
  /** Of gRPC, by the SDK; of the system, where there was no answer. */
  code?: number | string;
  httpStatusCode?: number;
  status?: number;
  response?: { status?: number; data?: unknown };
}

const GRPC_CODES: Readonly<Record<number, string>> = {
  1: 'CANCELLED',
  3: 'INVALID_ARGUMENT',
  4: 'DEADLINE_EXCEEDED',
  5: 'NOT_FOUND',
  6: 'ALREADY_EXISTS',
  7: 'PERMISSION_DENIED',
  8: 'RESOURCE_EXHAUSTED',
  9: 'FAILED_PRECONDITION',
  10: 'ABORTED',
  13: 'INTERNAL',
  14: 'UNAVAILABLE',
  16: 'UNAUTHENTICATED',
};

interface Said {
  /** Of HTTP; 0: there was no answer. */
  http: number;
  /** `PERMISSION_DENIED`; of tokens `invalid_grant`. */
  code: string;
  message: string;
}

/** What matches first, in the code with the message, is told. */
const CURES: readonly [RegExp, string, string][] = [
  [
    /quota/i,
    'QuotaExceeded',
    'Raise the quota of the project in IAM & Admin, Quotas & System Limits, or delete what is not needed.',
  ],
  [
    /STOCKOUT|RESOURCE_POOL_EXHAUSTED|enough resources/i,
    'NoCapacity',
    'Choose another zone or region, or other machine types; it may also be there later.',
  ],
  [
    /SERVICE_DISABLED|has not been used in project|API .*disabled/i,
    'ApiDisabled',
    'Enable the API that is named in the project (gcloud services enable).',
  ],
  [/billing/i, 'BillingDisabled', 'Enable billing for the project.'],
  [
    /UNAUTHENTICATED|invalid_grant|invalid_client|unauthorized_client|invalid_target/,
    'CredentialsRefused',
    'Give the cloud account credentials that are valid.',
  ],
  [
    /PERMISSION_DENIED/,
    'PermissionMissing',
    'Give the service account of the cloud account what is named; the status of the account lists all that is missing.',
  ],
  [
    /CIDR|IP_SPACE|IP space|overlap|secondary range|network/i,
    'NetworkUnfit',
    'Choose another network or subnetwork, or one with more free addresses.',
  ],
  [/service account/i, 'RoleUnfit', 'Check the service account that the nodes are to act as.'],
];

const TRANSIENT = /^(UNAVAILABLE|DEADLINE_EXCEEDED|RESOURCE_EXHAUSTED|ABORTED|INTERNAL|CANCELLED)$/;
/** What is said of tokens, also where the library leaves out with which status. */
const OAUTH = /^(invalid|unauthorized)_/;
/** Of resources: it is not over soon, whatever the code says. */
const LASTING = /quota|STOCKOUT|RESOURCE_POOL_EXHAUSTED/i;
/** Of requests and not of resources: it is over after some time. */
const RATE = /per (minute|second|hour|day|user)|rate limit/i;

/**
 * What an answer of Google Cloud means for a run: its own text, and what to do.
 *
 * @param what was tried, for people: `creating GKE cluster shop`
 */
export function explainGcpError(error: unknown, what: string): GodwitError {
  if (error instanceof GodwitError) return error;
  const { http, code, message } = read(error as GcpError);
  const text = `${what} failed: ${code}: ${message}`;
  const isUnanswered = http === 0 && !OAUTH.test(code);
  const isTransient = TRANSIENT.test(code) || http >= 500 || http === 429 || isUnanswered;
  const isLasting = LASTING.test(message) && !RATE.test(message);
  if (isTransient && !isLasting) return new RetryableError('ProviderUnavailable', text, { cause: error });
  const { reason, cure } = cureFor(`${code} ${message}`);
  return new FatalError(reason, text, { cure, cause: error });
}

/** What to do about something that Google says. */
export function cureFor(text: string): { reason: string; cure: string } {
  const [, reason, cure] = CURES.find(([pattern]) => pattern.test(text)) ?? [
    undefined,
    'ProviderRefused',
    'Correct what Google Cloud names, and start the run again.',
  ];
  return { reason, cure };
}

/** @returns whether Google says that there is no such thing */
export function isNotFound(error: unknown): boolean {
  const { http, code } = read(error as GcpError);
  return code === 'NOT_FOUND' || http === 404;
}

/** @returns whether Google says that it is there already */
export function isAlreadyThere(error: unknown): boolean {
  return read(error as GcpError).code === 'ALREADY_EXISTS';
}

/** @returns whether Google says that something else is being done with it, after which it is to be asked again */
export function isBusy(error: unknown): boolean {
  const { code, message } = read(error as GcpError);
  return code === 'FAILED_PRECONDITION' || /incompatible operation|try again once it is done/i.test(message);
}

/** @returns whether Google says that this may not be done */
export function isDenied(error: unknown): boolean {
  const { http, code } = read(error as GcpError);
  return code === 'PERMISSION_DENIED' || http === 403;
}

function read(error: GcpError): Said {
  // What an aborted signal throws has numbers too, of its own.
  if (error instanceof DOMException) return { http: 0, code: error.name, message: error.message };
  const http = error.httpStatusCode ?? error.status ?? error.response?.status ?? (typeof error.code === 'number' ? -1 : 0);
  const said = bodyOf(error);
  const code =
    said.code ?? (typeof error.code === 'number' ? (GRPC_CODES[error.code] ?? String(error.code)) : codeOf(error, http));
  return { http, code, message: said.message ?? error.message };
}

/** The errors of services are objects, those of tokens texts. */
function bodyOf({ response }: GcpError): { code?: string; message?: string } {
  const body = response?.data as
    | { error?: string | { status?: string; message?: string }; error_description?: string }
    | undefined;
  if (typeof body !== 'object' || body === null) return {};
  if (typeof body.error === 'string')
    return { code: body.error, ...(body.error_description ? { message: body.error_description } : {}) };
  const { status, message } = body.error ?? {};
  return { ...(status ? { code: status } : {}), ...(message ? { message } : {}) };
}

/** What the library for tokens makes of an answer has no more than a text. */
function codeOf({ code, message, name }: GcpError, http: number): string {
  const oauth = /Error code (\w+)/.exec(message)?.[1];
  return oauth ?? (http > 0 ? `HTTP ${http}` : String(code ?? name));
}
