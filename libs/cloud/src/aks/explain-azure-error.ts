import { FatalError, GodwitError, RetryableError } from '@godwit/contracts/errors';

/** As the SDK throws it: of the resource manager (`code`), or of Entra ID (`errorResponse`). */
interface AzureError extends Error {
  code?: string;
  statusCode?: number;
  errorResponse?: { error?: string; errorDescription?: string };
}

/** Asked in their order, of code and text: what is said of quotas and policies comes with general codes too. */
const CURES: readonly [RegExp, string, string][] = [
  [
    /quota|InsufficientVCPU|LimitExceeded/i,
    'QuotaExceeded',
    'Raise the quota of the subscription in that location, or choose fewer or other virtual machines.',
  ],
  [
    /AllocationFailed|Overconstrained|SkuNotAvailable|VMSizeNotSupported|NotAvailableForSubscription|AvailabilityZoneNotSupported|VMSizeDoesNotSupport/i,
    'NoCapacity',
    'Choose another size of virtual machines, other zones, or another location.',
  ],
  [/RequestDisallowedByPolicy/, 'PolicyRefused', 'Have the policy that Azure names changed, or choose what it allows.'],
  [
    /AuthorizationFailed|Forbidden/,
    'PermissionMissing',
    'Give the identity of the cloud account a role with what is named; the status of the account lists all that is missing.',
  ],
  [
    /AADSTS|InvalidAuthenticationToken|ExpiredAuthenticationToken|AuthenticationFailed|invalid_client|unauthorized_client/,
    'CredentialsRefused',
    'Give the cloud account a tenant, a client and a secret that are valid.',
  ],
  [
    /SubscriptionNotRegistered|MissingSubscriptionRegistration/,
    'ProviderNotRegistered',
    'Register the resource provider Microsoft.ContainerService in the subscription.',
  ],
  [
    /SubscriptionNotFound|DisabledSubscription/,
    'SubscriptionUnfit',
    'Name a subscription that is active and that the identity sees.',
  ],
  [/ResourceGroupNotFound/, 'ResourceGroupMissing', 'Create the resource group, or choose another one.'],
  [/cidr|subnet|VirtualNetwork/i, 'NetworkUnfit', 'Choose another subnet, or none, so that AKS makes a network.'],
  [/K8sVersionNotSupported|UnsupportedKubernetesVersion/, 'VersionUnfit', 'Choose a version that the location offers.'],
];

const TRANSIENT = /^(OperationNotAllowed|Conflict|ConflictingOperation|AnotherOperationInProgress|EtagMismatch)$/;

/**
 * What an answer of Azure means for a run: its own text, and what to do.
 *
 * @param what was tried, for people: `creating AKS cluster shop`
 */
export function explainAzureError(error: unknown, what: string): GodwitError {
  if (error instanceof GodwitError) return error;
  const { name, message, code, statusCode = 0, errorResponse } = error as AzureError;
  const said = errorResponse?.error ?? code ?? name;
  // Entra ID adds lines with times and ids of its log.
  const words = (errorResponse?.errorDescription ?? message).split(/\r?\n/, 1)[0]!;
  const text = `${what} failed: ${said}: ${words}`;
  const cured = CURES.find(([pattern]) => pattern.test(said)) ?? CURES.find(([pattern]) => pattern.test(words));
  const isBusy = statusCode === 409 && TRANSIENT.test(said) && cured?.[1] !== 'QuotaExceeded';
  const isUnreachable = statusCode === 0 && cured?.[1] !== 'CredentialsRefused';
  if (isBusy || isUnreachable || statusCode === 408 || statusCode === 429 || statusCode >= 500)
    return new RetryableError('ProviderUnavailable', text, { cause: error });
  const [, reason, cure] = cured ?? [undefined, 'ProviderRefused', 'Correct what Azure names, and start the run again.'];
  return new FatalError(reason, text, { cure, cause: error });
}

/** What Azure says of a cluster that came to nothing, or nothing. */
export interface ProvisioningError {
  code?: string | undefined;
  message?: string | undefined;
  details?: readonly ProvisioningError[] | undefined;
}

export function creationFailed(what: string, state: string, error: ProvisioningError | undefined): FatalError {
  const all = error ? [error, ...(error.details ?? [])] : [];
  const said = all.map(({ code, message }) => `${code ?? 'Unknown'}: ${message ?? ''}`).join('; ');
  const cured = CURES.find(([pattern]) => pattern.test(said));
  const [, reason, cure] = cured ?? [undefined, 'CreationFailed', 'Correct what Azure names, and start the run again.'];
  return new FatalError(reason, `${what} is ${state}: ${said || 'Azure does not say why'}`, { cure });
}

/** @returns whether Azure says that there is no such thing, or not even its group */
export function isNotThere(error: unknown): boolean {
  // A subscription that is not seen says nothing of what is in it.
  return (error as AzureError).statusCode === 404 && !/SubscriptionNotFound/.test(String((error as AzureError).code));
}

/** @returns whether something is there, or is done with it, that stands in the way just now */
export function isBusy(error: unknown): boolean {
  const { statusCode } = error as AzureError;
  return statusCode === 412 || (statusCode === 409 && explainAzureError(error, '') instanceof RetryableError);
}
