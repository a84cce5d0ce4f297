import type { RunView } from '@godwit/contracts/api';
import { isFinished } from '@godwit/contracts/run';
import { formatBytes } from '@godwit/pipeline/format-bytes';
import { formatDuration } from '@godwit/pipeline/format-duration';
import { Button, Content, Flex, FlexItem, Progress, Title } from '@patternfly/react-core';
import { Link } from 'react-router';
import { useNow } from '../app/use-now.ts';
import { formatAgo, formatSpan } from '../format/time.ts';
import { PhaseLabel } from '../runs/phase-label.tsx';
import { barVariant, percentOf, waitText } from '../runs/phase-text.ts';
import { runTitle } from '../runs/run-title.ts';
import { Download } from './download.tsx';
import { RunActions } from './run-actions.tsx';

/** Which run it is, where it stands and what can be done with it. */
export function RunHeading({ run }: { run: RunView }) {
  const now = useNow(!isFinished(run.phase));
  const began = run.startedAt ?? run.createdAt;
  const variant = barVariant(run.phase);
  return (
    <>
      <Flex
        justifyContent={{ default: 'justifyContentSpaceBetween' }}
        rowGap={{ default: 'rowGapSm' }}
        className="godwit-heading"
      >
        <Flex alignItems={{ default: 'alignItemsCenter' }}>
          <Title headingLevel="h1" className="godwit-break">
            {runTitle(run)}
          </Title>
          <FlexItem aria-live="polite">
            <PhaseLabel run={run} />
          </FlexItem>
        </Flex>
        <Flex className="godwit-screen" rowGap={{ default: 'rowGapSm' }}>
          <Download path={`/api/runs/${run.id}/report.html`} name={`run-${run.id}.html`} label="Report" />
          <Button variant="link" isInline onClick={() => window.print()}>
            Print
          </Button>
          <RunActions run={run} />
        </Flex>
      </Flex>
      <Content component="p" className="godwit-break">
        {run.sourceCluster} → {run.destinationCluster}, {run.startedAt ? 'started' : 'asked for'}{' '}
        <time dateTime={began} title={new Date(began).toLocaleString()}>
          {formatAgo(began, now)}
        </time>
        {run.startedAt && (
          <>
            , {run.finishedAt ? 'took' : 'so far'} {formatSpan(began, run.finishedAt, now)}
          </>
        )}
        {run.transfer?.etaSeconds !== undefined &&
          !isFinished(run.phase) &&
          `, about ${formatDuration(run.transfer.etaSeconds * 1000)} left`}
        {run.transfer?.rate !== undefined && !isFinished(run.phase) && ` at ${formatBytes(run.transfer.rate)}/s`}
        {run.downtimeSeconds !== undefined && `, the application was down for ${formatDuration(run.downtimeSeconds * 1000)}`}
        {run.archive && run.archive.state !== 'None' && `. ${archiveText(run.archive)}`}
        {run.rollbackOf && (
          <>
            , takes back <Link to={`/runs/${run.rollbackOf}`}>this run</Link>
          </>
        )}
        {run.rolledBackBy && (
          <>
            . It is taken back by <Link to={`/runs/${run.rolledBackBy}`}>this rollback</Link>
          </>
        )}
      </Content>
      {run.phase === 'Queued' && run.waiting && (
        <Content component="p" className="godwit-break" aria-live="polite">
          {waitText({ waiting: run.waiting, startAt: run.startAt })}
        </Content>
      )}
      <Progress
        aria-label="Progress of the run"
        value={percentOf(run.progress)}
        measureLocation="outside"
        {...(variant ? { variant } : {})}
      />
    </>
  );
}

function archiveText({ state, place, keptUntil }: NonNullable<RunView['archive']>): string {
  if (state === 'Deleted') return 'Its archive is deleted';
  if (state === 'Deleting') return 'Its archive is being deleted';
  return `Its archive is at ${place}${keptUntil ? ` until ${new Date(keptUntil).toLocaleString()}` : ''}`;
}
