import type { Role } from '@godwit/contracts/access';
import { SetMetadata } from '@nestjs/common';

/** Of a controller or a route: the role that changes need there. */
export const NEEDS_ROLE = 'godwit:needs-role';

/** What changes something there needs this role; reads need to be a viewer, and all other changes an operator. */
export const ChangesNeed = (role: Role) => SetMetadata(NEEDS_ROLE, role);

/** @param declared by {@link ChangesNeed}, if it is */
export function roleNeeded(method: string, declared: Role | undefined): Role {
  return method === 'GET' || method === 'HEAD' ? 'viewer' : (declared ?? 'operator');
}
