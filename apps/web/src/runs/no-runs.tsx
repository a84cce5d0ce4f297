import { EmptyState, EmptyStateActions, EmptyStateBody, EmptyStateFooter } from '@patternfly/react-core';
import CubesIcon from '@patternfly/react-icons/dist/esm/icons/cubes-icon';

export function NoRuns() {
  return (
    <EmptyState titleText="No run yet" headingLevel="h2" icon={CubesIcon}>
      <EmptyStateBody>
        Register two clusters and an object store, save a migration and start a run of it, all by the API. It is shown here as
        soon as it starts.
      </EmptyStateBody>
      <EmptyStateFooter>
        <EmptyStateActions>
          <a href="/api/docs">Read and try the API</a>
        </EmptyStateActions>
      </EmptyStateFooter>
    </EmptyState>
  );
}
