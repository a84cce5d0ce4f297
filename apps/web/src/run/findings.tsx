import type { Finding } from '@godwit/contracts/findings';
import { Alert, AlertGroup, Button } from '@patternfly/react-core';
import { useState } from 'react';
import { Panel } from './panel.tsx';

const AT_FIRST = 5;

/** What the run found to be wrong or worth a warning. */
export function Findings({ findings }: { findings: readonly Finding[] }) {
  const [all, showAll] = useState(false);
  if (findings.length === 0) return null;
  const shown = all ? findings : findings.slice(0, AT_FIRST);
  return (
    <Panel title={`Findings (${findings.length})`}>
      <AlertGroup>
        {shown.map((finding) => (
          <Alert
            key={JSON.stringify(finding)}
            isInline
            isPlain
            className="godwit-break"
            variant={finding.severity === 'error' ? 'danger' : 'warning'}
            title={[finding.object, finding.message].filter(Boolean).join(': ')}
          >
            {[finding.cluster && `On ${finding.cluster}.`, finding.cure].filter(Boolean).join(' ')}
          </Alert>
        ))}
      </AlertGroup>
      {findings.length > AT_FIRST && (
        <Button variant="link" isInline onClick={() => showAll(!all)} aria-expanded={all}>
          {all ? 'Show fewer' : `Show all ${findings.length}`}
        </Button>
      )}
    </Panel>
  );
}
