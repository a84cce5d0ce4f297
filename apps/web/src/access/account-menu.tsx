import { Button } from '@patternfly/react-core';
import SignOutIcon from '@patternfly/react-icons/dist/esm/icons/sign-out-alt-icon';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { callerQuery } from './caller.ts';
import { isSignedIn, signOut } from './credential.ts';

/** Who is signed in, and the way out. */
export function AccountMenu() {
  const { data: caller } = useQuery(callerQuery);
  const queries = useQueryClient();
  if (!isSignedIn()) return null;
  return (
    <Button
      variant="plain"
      aria-label="Sign out"
      icon={<SignOutIcon />}
      title={caller ? `Sign out: ${caller.name}, ${caller.role} of ${caller.organisation}` : 'Sign out'}
      onClick={() => {
        void signOut();
        queries.clear();
      }}
    />
  );
}
