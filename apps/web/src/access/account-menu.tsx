import { Button } from '@patternfly/react-core';
import SignOutIcon from '@patternfly/react-icons/dist/esm/icons/sign-out-alt-icon';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { apiKey, noteRefusal, setApiKey } from './api-key.ts';
import { callerQuery } from './caller.ts';

/** Who is signed in, and the way out. */
export function AccountMenu() {
  const { data: caller } = useQuery(callerQuery);
  const queries = useQueryClient();
  if (!caller || apiKey() === undefined) return null;
  return (
    <Button
      variant="plain"
      aria-label="Sign out"
      icon={<SignOutIcon />}
      title={`Sign out: ${caller.name}, ${caller.role} of ${caller.organisation}`}
      onClick={() => {
        setApiKey(undefined);
        noteRefusal();
        queries.clear();
      }}
    />
  );
}
