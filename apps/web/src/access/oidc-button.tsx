import { Button, Divider } from '@patternfly/react-core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { signInQuery } from '../api/sign-in.ts';
import { RequestProblem } from '../app/request-problem.tsx';

/** The way to the issuer with which people sign in, where there is one. */
export function OidcButton() {
  const { data } = useQuery(signInQuery);
  const signIn = useMutation({ mutationFn: async () => (await import('./oidc.ts')).signIn() });
  if (!data?.oidc) return null;
  return (
    <>
      {signIn.error && <RequestProblem doing={`Cannot reach ${data.oidc.issuer}`} error={signIn.error} />}
      <Button isBlock isLoading={signIn.isPending} isDisabled={signIn.isPending} onClick={() => signIn.mutate()}>
        Sign in with {new URL(data.oidc.issuer).host}
      </Button>
      <Divider className="godwit-divider" />
    </>
  );
}
