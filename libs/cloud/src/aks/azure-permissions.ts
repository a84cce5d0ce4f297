/** What a role allows, as Azure tells it of a scope. */
export interface Permission {
  actions?: readonly string[];
  notActions?: readonly string[];
}

/** Each role counts for itself: what one excludes may be allowed by another. */
export function isAllowed(action: string, permissions: readonly Permission[]): boolean {
  return permissions.some(
    ({ actions = [], notActions = [] }) =>
      actions.some((pattern) => matches(pattern, action)) && !notActions.some((pattern) => matches(pattern, action)),
  );
}

export function missingActions(needed: readonly string[], permissions: readonly Permission[]): string[] {
  return needed.filter((action) => !isAllowed(action, permissions));
}

/** A star stands for any text, also with slashes; case is of no matter. */
function matches(pattern: string, action: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 'i').test(action);
}
