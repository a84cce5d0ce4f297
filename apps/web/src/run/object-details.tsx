import type { RunObjectView } from '@godwit/contracts/api';
import type { FieldChange } from '@godwit/contracts/run';
import { ExpandableSection } from '@patternfly/react-core';

/** Why an object has its outcome, why it comes along, and what changes of it. */
export function ObjectDetails({ object: { reason, includedBecause, changes = [] } }: { object: RunObjectView }) {
  return (
    <>
      {reason && <div>{reason}</div>}
      {includedBecause && <div className="godwit-subtle godwit-small">Comes along: {includedBecause}</div>}
      {changes.length > 0 && (
        <ExpandableSection toggleText={changes.length === 1 ? '1 change' : `${changes.length} changes`}>
          <ul className="godwit-changes">
            {changes.map((change, index) => (
              <li key={index}>
                <Change change={change} />
              </li>
            ))}
          </ul>
        </ExpandableSection>
      )}
    </>
  );
}

function Change({ change: { path, before, after } }: { change: FieldChange }) {
  return (
    <>
      <code>{path}</code>
      {before !== undefined && (
        <div>
          <del>{shown(before)}</del>
        </div>
      )}
      {after !== undefined && (
        <div>
          <ins>{shown(after)}</ins>
        </div>
      )}
    </>
  );
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
