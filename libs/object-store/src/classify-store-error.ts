import { FatalError, GodwitError, RetryableError } from '@godwit/contracts/errors';
import { isStatusOfTheMoment, NETWORK, readThrown, type Thrown } from './read-thrown.ts';
import type { StoreAddress } from './store-address.ts';

const CREDENTIALS_CURE = 'Check access key, secret key and, if there is one, session token.';

const FATAL: Record<string, { reason: string; say: (address: StoreAddress) => string; cure: string }> = {
  NoSuchBucket: {
    reason: 'BucketNotFound',
    say: ({ bucket, endpoint }) => `There is no bucket "${bucket}" at ${endpoint}`,
    cure: 'Create the bucket, or correct its name or the endpoint.',
  },
  InvalidAccessKeyId: {
    reason: 'StoreAccessDenied',
    say: ({ endpoint }) => `${endpoint} does not know the access key`,
    cure: CREDENTIALS_CURE,
  },
  SignatureDoesNotMatch: {
    reason: 'StoreAccessDenied',
    say: ({ endpoint, region }) => `${endpoint} does not accept the signature for region ${region}`,
    cure: `Most often the secret key is wrong; else the region or a proxy that changes requests. ${CREDENTIALS_CURE}`,
  },
  ExpiredToken: {
    reason: 'StoreAccessDenied',
    say: ({ endpoint }) => `The session token for ${endpoint} has expired`,
    cure: 'Enter new credentials.',
  },
  InvalidToken: {
    reason: 'StoreAccessDenied',
    say: ({ endpoint }) => `${endpoint} does not accept the session token`,
    cure: CREDENTIALS_CURE,
  },
  AccessDenied: {
    reason: 'StoreAccessDenied',
    say: ({ bucket, endpoint }) => `Access to bucket "${bucket}" at ${endpoint} was denied`,
    cure: 'Give the credentials the right to put, get, list and delete objects below the prefix.',
  },
  AuthorizationHeaderMalformed: {
    reason: 'StoreWrongRegion',
    say: ({ bucket, endpoint, region }) => `Bucket "${bucket}" at ${endpoint} is not in region ${region}`,
    cure: 'Enter the region of the bucket.',
  },
  RequestTimeTooSkewed: {
    reason: 'StoreClockSkew',
    say: ({ endpoint }) => `The clock of this machine and that of ${endpoint} differ too much`,
    cure: 'Set the clocks by NTP.',
  },
};
const ALIASES: Record<string, string> = {
  PermanentRedirect: 'AuthorizationHeaderMalformed',
  TemporaryRedirect: 'AuthorizationHeaderMalformed',
  IllegalLocationConstraintException: 'AuthorizationHeaderMalformed',
  InvalidRegion: 'AuthorizationHeaderMalformed',
  XAdminUserNotFound: 'InvalidAccessKeyId',
  TokenRefreshRequired: 'ExpiredToken',
  AllAccessDisabled: 'AccessDenied',
  AccountProblem: 'AccessDenied',
};
/** Answers to HEAD have no body, so only their status speaks. */
const BY_STATUS: Record<number, string> = { 301: 'PermanentRedirect', 401: 'AccessDenied', 403: 'AccessDenied' };

const CERTIFICATE = /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_CERT_)/;
const NOT_TLS = /^(EPROTO|PROTOCOL$|ERR_SSL_|ERR_TLS_|HPE_)/;
/** What arrived is not what was sent: the one refusal that another attempt of the step may cure. */
const DAMAGED = new Set(['BadDigest', 'InvalidDigest', 'XAmzContentChecksumMismatch', 'XAmzContentSHA256Mismatch']);

/** @returns the error to throw for anything that a request threw (but an abort). It holds no secret, and has no cause that could. */
export function classifyStoreError(error: unknown, address: StoreAddress): GodwitError {
  if (error instanceof GodwitError) return error;
  const thrown = readThrown(error);
  const { endpoint } = address;
  const code = thrown.code ?? thrown.name;
  if (CERTIFICATE.test(code)) {
    return new FatalError('StoreCertificateUntrusted', `The certificate of ${endpoint} is not trusted (${code})`, {
      cure: 'Give the certificate of the authority that signed it as CA bundle, or correct the host name in the endpoint.',
    });
  }
  if (NOT_TLS.test(code)) {
    return new FatalError(
      'StoreProtocolMismatch',
      `${endpoint} does not speak ${new URL(endpoint).protocol.slice(0, -1)} (${code})`,
      {
        cure: 'Check whether the endpoint begins with http:// or https://, and its port.',
      },
    );
  }
  const network = NETWORK[code];
  if (network) return unreachable(`${endpoint} cannot be reached: ${network}`);
  const known = FATAL[ALIASES[code] ?? code] ?? fatalByStatus(thrown.status);
  const answer = describeAnswer(thrown);
  if (known) return new FatalError(known.reason, `${known.say(address)}${answer}`, { cure: known.cure });
  if (thrown.status === undefined) return unreachable(`The request to ${endpoint} failed: ${thrown.message || code}`);
  if (isStatusOfTheMoment(thrown)) return unreachable(`${endpoint} failed${answer}`);
  if (DAMAGED.has(thrown.name)) {
    return new RetryableError('StoreReceivedDamage', `What arrived at ${endpoint} is not what was sent${answer}`, {
      cure: 'If it happens again, look for a proxy or a network device that changes data.',
    });
  }
  return new FatalError('StoreRefused', `${endpoint} refused the request${answer}`);
}

function unreachable(message: string): RetryableError {
  return new RetryableError('StoreUnreachable', message, {
    cure: 'Check that object storage is up and its endpoint reachable from here.',
  });
}

function fatalByStatus(status: number | undefined) {
  const name = status === undefined ? undefined : BY_STATUS[status];
  return name === undefined ? undefined : FATAL[ALIASES[name] ?? name];
}

function describeAnswer({ name, status, message }: Thrown): string {
  if (status === undefined) return '';
  const parts = [`HTTP ${status}`, name === 'Unknown' || name === 'Error' ? '' : name].filter(Boolean).join(' ');
  const text = message && message !== name && message !== 'UnknownError' && message.length < 300 ? `: ${message}` : '';
  return ` (${parts}${text})`;
}
