import { ActionGroup, Button, Card, CardBody, CardTitle, Form, FormGroup, PageSection, TextInput } from '@patternfly/react-core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { RequestError } from '../api/request-error.ts';
import { RequestProblem } from '../app/request-problem.tsx';
import { useDocumentTitle } from '../app/use-document-title.ts';
import { callerQuery, callerWith } from './caller.ts';
import { lastRefusal, setApiKey } from './credential.ts';
import { OidcButton } from './oidc-button.tsx';

/** Asks for an API key, where the service is configured to ask who calls. */
export function SignInPage() {
  useDocumentTitle('Sign in');
  const [key, setKey] = useState('');
  const queries = useQueryClient();
  const signIn = useMutation({
    mutationFn: () => callerWith(key.trim()),
    onSuccess: (caller) => {
      queries.clear();
      queries.setQueryData(callerQuery.queryKey, caller);
      setApiKey(key.trim());
    },
  });
  const { error } = signIn;
  const refusal = lastRefusal();
  return (
    <PageSection isCenterAligned isWidthLimited>
      <Card>
        <CardTitle component="h1">Sign in</CardTitle>
        <CardBody>
          {refusal && !error && <RequestProblem doing="Godwit does not take what this tab signed in with" error={refusal} />}
          <OidcButton />
          <Form
            onSubmit={(event) => {
              event.preventDefault();
              signIn.mutate();
            }}
          >
            {error && (
              <RequestProblem
                doing="Not signed in"
                error={
                  error instanceof RequestError && error.status === 401
                    ? new RequestError('the key is not valid, or not any more', 401, 'Enter another key.')
                    : error
                }
              />
            )}
            <FormGroup label="API key" fieldId="api-key" isRequired>
              <TextInput
                id="api-key"
                type="password"
                autoComplete="off"
                isRequired
                value={key}
                onChange={(_event, value) => setKey(value)}
              />
            </FormGroup>
            <p className="godwit-subtle">
              An administrator makes keys under Settings, the first one is made beside the service: see its README. This tab keeps
              the key until it is closed.
            </p>
            <ActionGroup>
              <Button type="submit" isDisabled={key.trim() === '' || signIn.isPending} isLoading={signIn.isPending}>
                Sign in
              </Button>
            </ActionGroup>
          </Form>
        </CardBody>
      </Card>
    </PageSection>
  );
}
