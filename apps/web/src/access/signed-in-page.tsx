import { Button, PageSection, Skeleton } from '@patternfly/react-core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useNavigate } from 'react-router';
import { RequestError } from '../api/request-error.ts';
import { RequestProblem } from '../app/request-problem.tsx';
import { useDocumentTitle } from '../app/use-document-title.ts';
import { adoptTokens } from './credential.ts';
import { completeSignIn, signIn } from './oidc.ts';

/** Where the issuer sends one back to; goes on to where one was. */
export function SignedInPage() {
  useDocumentTitle('Sign in');
  const navigate = useNavigate();
  const queries = useQueryClient();
  const complete = useMutation({
    mutationFn: completeSignIn,
    onSuccess: (path) => {
      adoptTokens();
      queries.clear();
      navigate(path, { replace: true });
    },
  });
  const hasBegun = useRef(false);
  const { mutate, error } = complete;
  useEffect(() => {
    // A code is good once.
    if (!hasBegun.current) mutate();
    hasBegun.current = true;
  }, [mutate]);
  return (
    <PageSection isCenterAligned isWidthLimited>
      {error ? (
        <>
          <RequestProblem doing="Not signed in" error={asRefusal(error)} />
          <Button onClick={() => signIn()}>Sign in again</Button>
        </>
      ) : (
        <Skeleton height="10rem" screenreaderText="Signing in" />
      )}
    </PageSection>
  );
}

function asRefusal(error: Error): RequestError {
  return error instanceof RequestError ? error : new RequestError(error.message, undefined, 'Sign in again.');
}
