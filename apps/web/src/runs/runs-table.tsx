import type { RunSummary } from '@godwit/contracts/api';
import { isFinished } from '@godwit/contracts/run';
import { Progress } from '@patternfly/react-core';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { Link } from 'react-router';
import { useNow } from '../app/use-now.ts';
import { formatAgo, formatSpan } from '../format/time.ts';
import { PhaseLabel } from './phase-label.tsx';
import { barVariant, percentOf, waitText } from './phase-text.ts';
import { runTitle } from './run-title.ts';

export function RunsTable({ runs }: { runs: readonly RunSummary[] }) {
  const now = useNow(runs.some(({ phase }) => !isFinished(phase)));
  return (
    <Table aria-label="Runs" variant="compact">
      <Thead>
        <Tr>
          <Th>Migration</Th>
          <Th>From and to</Th>
          <Th>Phase</Th>
          <Th width={20}>Progress</Th>
          <Th>Started</Th>
          <Th>Duration</Th>
        </Tr>
      </Thead>
      <Tbody>
        {runs.map((run) => (
          <RunRow key={run.id} run={run} now={now} />
        ))}
      </Tbody>
    </Table>
  );
}

function RunRow({ run, now }: { run: RunSummary; now: number }) {
  const began = run.startedAt ?? run.createdAt;
  const variant = barVariant(run.phase);
  return (
    <Tr>
      <Td dataLabel="Migration" modifier="breakWord">
        <Link to={`/runs/${run.id}`}>{runTitle(run)}</Link>
        {run.error && <div className="godwit-subtle godwit-small">{run.error.message}</div>}
      </Td>
      <Td dataLabel="From and to" modifier="breakWord">
        {run.sourceCluster} → {run.destinationCluster}
      </Td>
      <Td dataLabel="Phase">
        <div>
          <PhaseLabel run={run} />
        </div>
        {run.phase === 'Queued' && run.waiting && (
          <div className="godwit-subtle godwit-small">{waitText({ waiting: run.waiting, startAt: run.startAt })}</div>
        )}
      </Td>
      <Td dataLabel="Progress">
        <Progress
          className="godwit-bar"
          aria-label={`Progress of ${runTitle(run)}`}
          value={percentOf(run.progress)}
          measureLocation="outside"
          size="sm"
          hideStatusIcon
          {...(variant ? { variant } : {})}
        />
      </Td>
      <Td dataLabel="Started" modifier="nowrap">
        <time dateTime={began} title={new Date(began).toLocaleString()}>
          {formatAgo(began, now)}
        </time>
      </Td>
      <Td dataLabel="Duration" modifier="nowrap">
        {run.startedAt && formatSpan(began, run.finishedAt, now)}
      </Td>
    </Tr>
  );
}
