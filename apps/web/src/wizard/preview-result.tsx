import { isFinished } from '@godwit/contracts/run';
import { formatBytes } from '@godwit/pipeline/format-bytes';
import { formatDuration } from '@godwit/pipeline/format-duration';
import { Content, Skeleton } from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { runQuery } from '../api/runs.ts';
import { RequestProblem } from '../app/request-problem.tsx';
import { ErrorAlert } from '../run/error-alert.tsx';
import { Findings } from '../run/findings.tsx';
import { Objects } from '../run/objects.tsx';
import { Panel } from '../run/panel.tsx';
import { useRunStream } from '../run/use-run-stream.ts';
import { PhaseLabel } from '../runs/phase-label.tsx';

/** What a preview found, as it finds it: objects with their differences, volumes, and what stands in the way. */
export function PreviewResult({ id }: { id: string }) {
  const { data: run, error, refetch } = useQuery(runQuery(id));
  const { log } = useRunStream(id, run !== undefined);
  if (!run && error) return <RequestProblem doing="Cannot read the preview" error={error} onRetry={() => refetch()} />;
  if (!run) return <Skeleton height="6rem" screenreaderText="Starting the preview" />;
  const bytes = run.volumes.reduce((sum, { capacityBytes }) => sum + capacityBytes, 0);
  const objects = Object.values(run.objects).reduce((sum, count) => sum + (count ?? 0), 0);
  return (
    <>
      <Panel title="Preview" actions={<Link to={`/runs/${id}`}>All of it</Link>}>
        <Content component="p" aria-live="polite">
          <PhaseLabel run={run} /> {objects} objects, {run.volumes.length} volumes of {formatBytes(bytes)}
          {run.estimate && `, about ${formatDuration(run.estimate.seconds * 1000)}`}
          {isFinished(run.phase) ? '. Nothing was touched.' : ' so far.'}
        </Content>
      </Panel>
      {run.error && <ErrorAlert title="The preview failed" error={run.error} />}
      <Findings findings={log.findings} />
      <Objects run={run} />
    </>
  );
}
