import type { RunView } from '@godwit/contracts/api';
import { Alert, Content } from '@patternfly/react-core';

type ErrorView = NonNullable<RunView['error']>;

/** An error of a run or of a step: what, where, and what to do. */
export function ErrorAlert({
  title,
  error,
  variant = 'danger',
}: {
  title: string;
  error: ErrorView;
  variant?: 'danger' | 'warning';
}) {
  const { object, cluster } = error.subject ?? {};
  return (
    <Alert variant={variant} isInline title={title} className="godwit-break">
      <Content component="p">{error.message}</Content>
      {(object || cluster) && (
        <Content component="p">
          {[object, cluster && `cluster ${cluster}`].filter(Boolean).join(', ')} ({error.reason})
        </Content>
      )}
      {error.cure && (
        <Content component="p">
          <strong>What to do: </strong>
          {error.cure}
        </Content>
      )}
    </Alert>
  );
}
