import type { RunView } from '@godwit/contracts/api';
import type { RunPhase } from '@godwit/contracts/run';
import { declarationOf } from '@godwit/pipeline/pipeline';
import { Alert, Breadcrumb, BreadcrumbItem, PageSection, Skeleton, Stack } from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import { runQuery } from '../api/runs.ts';
import { RequestProblem } from '../app/request-problem.tsx';
import { useDocumentTitle } from '../app/use-document-title.ts';
import { phaseText } from '../runs/phase-text.ts';
import { runTitle } from '../runs/run-title.ts';
import { ErrorAlert } from './error-alert.tsx';
import { Findings } from './findings.tsx';
import { Held } from './held.tsx';
import { Log } from './log.tsx';
import { Objects } from './objects.tsx';
import { Panel } from './panel.tsx';
import { PipelineStepper } from './pipeline-stepper.tsx';
import { RunHeading } from './run-heading.tsx';
import { stepTriedAgain } from './step-tried-again.ts';
import { Throughput } from './throughput.tsx';
import { useRunStream } from './use-run-stream.ts';
import { Volumes } from './volumes.tsx';

/** One run, followed live. */
export function RunPage() {
  const { id = '' } = useParams();
  const { data: run, error, refetch } = useQuery(runQuery(id));
  const { log, connection } = useRunStream(id, run !== undefined);
  useDocumentTitle(run ? `${runTitle(run)}: ${phaseText(run)}` : 'Run');
  return (
    <PageSection>
      <Stack hasGutter>
        <Breadcrumb>
          <BreadcrumbItem
            render={({ className }) => (
              <Link to="/" className={className}>
                Runs
              </Link>
            )}
          />
          <BreadcrumbItem isActive>{run ? runTitle(run) : 'Run'}</BreadcrumbItem>
        </Breadcrumb>
        {error && !run && <RequestProblem doing="Cannot read the run" error={error} onRetry={() => refetch()} />}
        {!error && !run && <Skeleton height="20rem" screenreaderText="Reading the run" />}
        {connection === 'lost' && (
          <Alert variant="warning" isInline isLiveRegion title="The connection to Godwit is lost: reconnecting">
            What is shown may be old. The run goes on by itself; this page goes on as soon as Godwit answers again.
          </Alert>
        )}
        {run && (
          <>
            <div>
              <RunHeading run={run} />
            </div>
            <Held run={run} />
            <Errors run={run} />
            <Findings findings={log.findings} />
            <Panel title="Steps">
              <PipelineStepper run={run} />
            </Panel>
            <Volumes run={run} />
            <Throughput run={run} />
            <Objects run={run} />
            <Log run={run} log={log} />
          </>
        )}
      </Stack>
    </PageSection>
  );
}

const LEFT_BEHIND: Partial<Record<RunPhase, string>> = {
  Succeeded: 'The run succeeded, but cleaning up failed',
  Cancelled: 'The run was cancelled, but cleaning up failed',
};

/** Why the run failed; and what is tried again. */
function Errors({ run }: { run: RunView }) {
  const { phase, error } = run;
  const leftBehind = LEFT_BEHIND[phase];
  const title = leftBehind ?? (phase === 'Held' ? 'The run failed and is held: retry it or give it up' : 'The run failed');
  const again = stepTriedAgain(run);
  return (
    <>
      {error && <ErrorAlert title={title} error={error} variant={leftBehind ? 'warning' : 'danger'} />}
      {again && (
        <ErrorAlert
          title={`${declarationOf(again.name).title} failed and is tried again`}
          error={again.error}
          variant="warning"
        />
      )}
    </>
  );
}
