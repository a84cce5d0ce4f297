import { PageSection, Skeleton, Stack, StackItem, Title } from '@patternfly/react-core';
import { RequestProblem } from '../app/request-problem.tsx';
import { useDocumentTitle } from '../app/use-document-title.ts';
import { NoRuns } from './no-runs.tsx';
import { RunsTable } from './runs-table.tsx';
import { useAllRuns } from './use-all-runs.ts';

/** The runs of the organisation, the latest first. */
export function RunsPage() {
  useDocumentTitle('Runs');
  const { runs, error, isPending, refetch, ...older } = useAllRuns();
  return (
    <PageSection>
      <Stack hasGutter>
        <StackItem>
          <Title headingLevel="h1">Runs</Title>
        </StackItem>
        {error && (
          <StackItem>
            <RequestProblem
              doing={runs ? 'Shown as last read' : 'Cannot read the runs'}
              error={error}
              onRetry={() => refetch()}
            />
          </StackItem>
        )}
        <StackItem>
          {isPending && <LoadingRows />}
          {runs && (runs.length === 0 ? <NoRuns /> : <RunsTable runs={runs} older={older} />)}
        </StackItem>
      </Stack>
    </PageSection>
  );
}

function LoadingRows() {
  return (
    <Stack hasGutter aria-busy="true">
      {[1, 2, 3, 4].map((row) => (
        <StackItem key={row}>
          <Skeleton height="2.5rem" screenreaderText="Reading the runs" />
        </StackItem>
      ))}
    </Stack>
  );
}
