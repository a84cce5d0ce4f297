import type { Finding } from '@godwit/contracts/findings';
import { Alert } from '@patternfly/react-core';

/** A finding of a service, with what to do. */
export function Problem({ finding: { severity, message, cure } }: { finding: Finding }) {
  return (
    <Alert isInline className="godwit-break" variant={severity === 'error' ? 'danger' : 'warning'} title={message}>
      {cure}
    </Alert>
  );
}
