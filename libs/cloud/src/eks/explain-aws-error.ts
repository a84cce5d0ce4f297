import { FatalError, type GodwitError, RetryableError } from '@godwit/contracts/errors';

/** As the SDK throws it, if it came from AWS. */
interface AwsError extends Error {
  $metadata?: { httpStatusCode?: number };
  Code?: string;
}

const CURES: readonly [RegExp, string, string][] = [
  [
    /ResourceLimitExceeded|LimitExceeded|ServiceQuotaExceeded|VcpuLimitExceeded/,
    'QuotaExceeded',
    'Raise the quota in Service Quotas of the account, or delete what is not needed.',
  ],
  [
    /UnsupportedAvailabilityZone|InsufficientInstanceCapacity|InsufficientFreeAddresses|AsgInstanceLaunchFailures/,
    'NoCapacity',
    'Choose subnets in other availability zones, or other instance types.',
  ],
  [
    /AccessDenied|UnauthorizedOperation|NotAuthorized|Forbidden|not authorized to perform|due to missing permissions/,
    'PermissionMissing',
    'Give the identity of the cloud account what is named; the status of the account lists all that is missing.',
  ],
  [
    /UnrecognizedClient|InvalidClientTokenId|SignatureDoesNotMatch|AuthFailure|ExpiredToken|InvalidAccessKeyId/,
    'CredentialsRefused',
    'Give the cloud account credentials that are valid.',
  ],
  [/CIDR|InvalidSubnet|overlap/i, 'NetworkUnfit', 'Choose other subnets, or another network.'],
  [/CannotAssumeRole|role/i, 'RoleUnfit', 'Check the role and its trust policy.'],
];

const TRANSIENT =
  /Throttl|TooManyRequests|RequestLimitExceeded|ServerException|ServiceUnavailable|InternalFailure|Timeout|ECONN|EPIPE|socket/i;

/**
 * What an answer of AWS means for a run: its own text, and what to do.
 *
 * @param what was tried, for people: `creating EKS cluster shop`
 */
export function explainAwsError(error: unknown, what: string): GodwitError {
  const { name, message, $metadata, Code } = error as AwsError;
  const code = Code ?? name;
  const text = `${what} failed: ${code}: ${message}`;
  const status = $metadata?.httpStatusCode ?? 0;
  if (TRANSIENT.test(code) || status >= 500 || status === 429 || status === 0)
    return new RetryableError('ProviderUnavailable', text, { cause: error });
  const known = CURES.find(([pattern]) => pattern.test(code)) ?? CURES.find(([pattern]) => pattern.test(message));
  const [, reason, cure] = known ?? [undefined, 'ProviderRefused', 'Correct what AWS names, and start the run again.'];
  return new FatalError(reason, text, { cure, cause: error });
}

/** @returns whether AWS says that there is no such thing */
export function isNotThere(error: unknown): boolean {
  return /^(ResourceNotFoundException|NoSuchEntity(Exception)?)$/.test((error as Error).name);
}

/** @returns whether AWS says that it is there already, or that something is done with it just now */
export function isInUse(error: unknown): boolean {
  return /^(ResourceInUseException|EntityAlreadyExists(Exception)?)$/.test((error as Error).name);
}
