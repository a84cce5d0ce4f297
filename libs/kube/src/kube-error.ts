import { type ErrorKind, type ErrorSubject, GodwitError } from '@godwit/contracts/errors';

/** The `Status` object with which an API server refuses. */
export interface ApiStatus {
  reason?: string;
  message?: string;
  details?: { retryAfterSeconds?: number; causes?: { field?: string; message?: string }[] };
}

/**
 * Who cannot take a request now: the whole server (priority and fairness, its limits, its shutting down), or only what this request
 * is about (a kind whose storage is just being set up).
 */
export type Throttled = 'server' | 'object';

/** An answer of an API server that is not a success, or none at all (status 0). */
export class KubeRequestError extends GodwitError {
  readonly kind: ErrorKind;

  constructor(
    /** HTTP status; 0 if there was no answer. */
    readonly status: number,
    /** The API's own reason: `NotFound`, `AlreadyExists`, `Conflict`, `Invalid`, … */
    readonly apiReason: string,
    reason: string,
    kind: ErrorKind,
    message: string,
    options: { subject: ErrorSubject; cure?: string; cause?: unknown; retryAfterSeconds?: number; throttled?: Throttled },
  ) {
    super(reason, message, options);
    this.kind = kind;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.throttled = options.throttled;
  }

  readonly retryAfterSeconds?: number;
  /** The request was turned away before anything was done: sent again later, it may be taken. */
  readonly throttled?: Throttled;

  static is(error: unknown, apiReason: string): error is KubeRequestError {
    return error instanceof KubeRequestError && error.apiReason === apiReason;
  }
}

/**
 * The error for an HTTP answer that is not 2xx.
 * @param retryAfter the header of that name
 */
export function fromStatus(
  httpStatus: number,
  status: ApiStatus,
  what: string,
  subject: ErrorSubject,
  retryAfter?: string,
): KubeRequestError {
  const apiReason = status.reason ?? `HTTP${httpStatus}`;
  const said = status.message ?? `the API server answered ${httpStatus}`;
  const make = (reason: string, kind: ErrorKind, cure?: string) =>
    new KubeRequestError(httpStatus, apiReason, reason, kind, `cluster "${subject.cluster}": ${what}: ${said}`, {
      subject,
      cure,
      retryAfterSeconds: status.details?.retryAfterSeconds ?? secondsOf(retryAfter),
      throttled: throttled(httpStatus, status, retryAfter),
    });
  switch (true) {
    case httpStatus === 401:
      return make(
        'Unauthorized',
        'fatal',
        'The credentials of the kubeconfig are not (or no longer) valid: register the cluster with new ones.',
      );
    case httpStatus === 403:
      return make('Forbidden', 'fatal', 'Give the user of the kubeconfig this permission, or use one that has it.');
    case httpStatus === 404:
      return make('NotFound', 'fatal');
    case httpStatus === 410:
      // The next page of a list that took too long: another list begins anew.
      return make('Expired', 'retryable');
    case httpStatus === 409:
      return make(
        apiReason === 'AlreadyExists' ? 'AlreadyExists' : 'Conflict',
        apiReason === 'AlreadyExists' ? 'fatal' : 'retryable',
      );
    case httpStatus === 429 || httpStatus >= 500:
      return make('ApiServerBusy', 'retryable');
    default:
      return make('Refused', 'fatal');
  }
}

/**
 * The filters before an API server's handlers turn requests away with a line of text, its handlers with a Status. A 503 that says
 * when to come back is of a server that is being shut down; others may be of one aggregated API, and something may have been done.
 */
function throttled(httpStatus: number, { reason }: ApiStatus, retryAfter: string | undefined): Throttled | undefined {
  if (httpStatus === 429) return reason ? 'object' : 'server';
  return httpStatus === 503 && retryAfter && !reason ? 'server' : undefined;
}

/** The header may also be a date, which API servers do not send. */
function secondsOf(retryAfter: string | undefined): number | undefined {
  return retryAfter && /^\d+$/.test(retryAfter) ? Number(retryAfter) : undefined;
}

const NETWORK_CURES: Record<string, string> = {
  ECONNREFUSED: 'Nothing listens there: check the address in the kubeconfig, and that the API server runs.',
  ENOTFOUND: 'The name does not resolve from here: check the address in the kubeconfig and the DNS.',
  EHOSTUNREACH: 'There is no way to that address: check the network, VPN and firewalls between here and the cluster.',
  ENETUNREACH: 'There is no way to that address: check the network, VPN and firewalls between here and the cluster.',
  UND_ERR_CONNECT_TIMEOUT: 'The address does not answer: check the network, VPN and firewalls between here and the cluster.',
  ETIMEDOUT: 'The address does not answer: check the network, VPN and firewalls between here and the cluster.',
  DEPTH_ZERO_SELF_SIGNED_CERT:
    'The certificate of the API server is not signed by the authority in the kubeconfig: check certificate-authority-data.',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'The certificate of the API server is not signed by the authority in the kubeconfig: check certificate-authority-data.',
  SELF_SIGNED_CERT_IN_CHAIN:
    'The certificate of the API server is not signed by the authority in the kubeconfig: check certificate-authority-data.',
  CERT_HAS_EXPIRED: 'The certificate of the API server has expired: renew it.',
  ERR_TLS_CERT_ALTNAME_INVALID: 'The certificate of the API server is for other names: use an address that it names.',
};

/** The error for a request that got no answer. */
export function fromNetwork(error: unknown, server: string, what: string, subject: ErrorSubject): KubeRequestError {
  // The address was refused before anything was sent.
  if (error instanceof GodwitError) {
    const message = `cluster "${subject.cluster}": ${what}: ${error.message}`;
    return new KubeRequestError(0, 'NoAnswer', error.reason, error.kind, message, { subject, cure: error.cure, cause: error });
  }
  const code = networkCode(error);
  return new KubeRequestError(
    0,
    'NoAnswer',
    'ClusterUnreachable',
    'retryable',
    `cluster "${subject.cluster}": ${what}: no answer from ${server}${code ? ` (${code})` : ''}`,
    { subject, cure: NETWORK_CURES[code] ?? 'Check the address, the network and that the API server runs.', cause: error },
  );
}

function networkCode(error: unknown): string {
  for (let at: unknown = error, depth = 0; at && depth < 5; at = (at as { cause?: unknown }).cause, depth++) {
    const code = (at as { code?: unknown }).code;
    if (typeof code === 'string') return code;
    const first = (at as { errors?: { code?: unknown }[] }).errors?.[0]?.code;
    if (typeof first === 'string') return first;
  }
  return '';
}
