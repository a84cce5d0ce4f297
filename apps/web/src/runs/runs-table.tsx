import type { RunSummary } from '@godwit/contracts/api';
import { isFinished } from '@godwit/contracts/run';
import { Progress } from '@patternfly/react-core';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { useEffect } from 'react';
import { Link } from 'react-router';
import { Gap } from '../app/gap.tsx';
import { useNow } from '../app/use-now.ts';
import { useVirtualRows } from '../app/use-virtual-rows.ts';
import { formatAgo, formatSpan } from '../format/time.ts';
import { PhaseLabel } from './phase-label.tsx';
import { barVariant, percentOf, waitText } from './phase-text.ts';
import { runTitle } from './run-title.ts';

/** About the height of a row on a wide screen. */
const ROW_PX = 40;

/** So many rows before the end, what follows is read. */
const AHEAD = 30;

export interface RunsTableProps {
  runs: readonly RunSummary[];
  /** What there is beyond these, and how it is read. */
  older?: { hasOlder: boolean; isReadingOlder: boolean; readOlder: () => void };
}

export function RunsTable({ runs, older }: RunsTableProps) {
  const now = useNow(runs.some(({ phase }) => !isFinished(phase)));
  const rows = useVirtualRows(runs.length, ROW_PX);
  const isAtEnd = (rows.indexes.at(-1) ?? 0) > runs.length - AHEAD;
  const { hasOlder = false, isReadingOlder = false, readOlder } = older ?? {};
  useEffect(() => {
    if (isAtEnd && hasOlder && !isReadingOlder) readOlder?.();
  }, [isAtEnd, hasOlder, isReadingOlder, readOlder]);
  return (
    <Table aria-label="Runs" aria-rowcount={hasOlder ? -1 : runs.length + 1} variant="compact">
      <Thead>
        <Tr>
          <Th>Migration</Th>
          <Th modifier="nowrap">From and to</Th>
          <Th>Phase</Th>
          <Th width={20}>Progress</Th>
          <Th>Started</Th>
          <Th modifier="nowrap">Duration</Th>
        </Tr>
      </Thead>
      <Tbody ref={rows.around}>
        <Gap px={rows.before} columns={6} />
        {rows.indexes.map((index) => (
          <RunRow key={runs[index]!.id} run={runs[index]!} now={now} index={index} measure={rows.measure} />
        ))}
        <Gap px={rows.after} columns={6} />
      </Tbody>
    </Table>
  );
}

interface RunRowProps {
  run: RunSummary;
  now: number;
  index: number;
  measure: (row: Element | null) => void;
}

function RunRow({ run, now, index, measure }: RunRowProps) {
  const began = run.startedAt ?? run.createdAt;
  const variant = barVariant(run.phase);
  return (
    <Tr ref={measure} data-index={index} aria-rowindex={index + 2}>
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
