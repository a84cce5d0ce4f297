import type { CloudAccountStatus } from '@godwit/contracts/calls';

/**
 * Of an account of which it is known what is missing.
 *
 * @param where the permissions are asked for: ` in project shop`; empty where that goes without saying
 */
export function statusByPermissions(
  identity: string,
  missingPermissions: string[],
  where: string,
  cure: string,
): CloudAccountStatus {
  if (missingPermissions.length === 0) return { state: 'Ready', identity, missingPermissions };
  const message = `${identity} may not do ${missingPermissions.join(', ')}${where}`;
  const problem = { severity: 'error' as const, reason: 'PermissionMissing', message, cure };
  return { state: 'Failed', identity, missingPermissions, problem };
}

/** Of an account that may not ask for its own permissions: what it lacks is told when it is used. */
export function statusWithoutPermissions(identity: string, message: string, cure: string): CloudAccountStatus {
  return { state: 'Ready', identity, problem: { severity: 'warning', reason: 'PermissionsUnknown', message, cure } };
}
