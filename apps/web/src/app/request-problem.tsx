import { Alert, AlertActionLink } from '@patternfly/react-core';
import { RequestError } from '../api/request-error.ts';

/** What went wrong with a request, and what to do. */
export function RequestProblem({ doing, error, onRetry }: { doing: string; error: Error; onRetry?: () => void }) {
  return (
    <Alert
      variant="danger"
      isInline
      title={`${doing}: ${error.message}`}
      actionLinks={onRetry && <AlertActionLink onClick={onRetry}>Try again</AlertActionLink>}
    >
      {error instanceof RequestError ? error.cure : 'Load the page again.'}
    </Alert>
  );
}
