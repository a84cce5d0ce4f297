import { Bullseye, Button, EmptyState, EmptyStateActions, EmptyStateBody, EmptyStateFooter } from '@patternfly/react-core';
import { Link } from 'react-router';
import { useDocumentTitle } from './use-document-title.ts';

export function UnknownPage() {
  useDocumentTitle('No such page');
  return (
    <EmptyState titleText="There is no such page" headingLevel="h1">
      <EmptyStateBody>The address may be mistyped, or what it showed is no longer there.</EmptyStateBody>
      <EmptyStateFooter>
        <EmptyStateActions>
          <Link to="/">All runs</Link>
        </EmptyStateActions>
      </EmptyStateFooter>
    </EmptyState>
  );
}

/** Instead of a page that failed to load or to draw, most often since a newer version was installed meanwhile. */
export function BrokenPage() {
  useDocumentTitle('Cannot show this page');
  return (
    <Bullseye>
      <EmptyState titleText="This page cannot be shown" headingLevel="h1" status="danger">
        <EmptyStateBody>
          Godwit may have been updated meanwhile. Runs go on by themselves, whatever this page shows.
        </EmptyStateBody>
        <EmptyStateFooter>
          <EmptyStateActions>
            <Button onClick={() => window.location.reload()}>Load it again</Button>
          </EmptyStateActions>
        </EmptyStateFooter>
      </EmptyState>
    </Bullseye>
  );
}
