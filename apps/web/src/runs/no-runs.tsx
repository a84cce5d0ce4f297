import { EmptyState, EmptyStateActions, EmptyStateBody, EmptyStateFooter } from '@patternfly/react-core';
import CubesIcon from '@patternfly/react-icons/dist/esm/icons/cubes-icon';
import { ButtonLink } from '../app/button-link.tsx';

export function NoRuns() {
  return (
    <EmptyState titleText="No run yet" headingLevel="h2" icon={CubesIcon}>
      <EmptyStateBody>Define a migration and run it: its runs are shown here, as they go.</EmptyStateBody>
      <EmptyStateFooter>
        <EmptyStateActions>
          <ButtonLink to="/migrations">Go to the migrations</ButtonLink>
        </EmptyStateActions>
      </EmptyStateFooter>
    </EmptyState>
  );
}
