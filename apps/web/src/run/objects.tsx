import type { RunView } from '@godwit/contracts/api';
import { ObjectOutcome } from '@godwit/contracts/run';
import { Button, Skeleton, ToggleGroup, ToggleGroupItem } from '@patternfly/react-core';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { objectsQuery } from '../api/runs.ts';
import { RequestProblem } from '../app/request-problem.tsx';
import { ObjectDetails } from './object-details.tsx';
import { Panel } from './panel.tsx';

/** How many objects had which outcome on the destination; those of one outcome on demand. */
export function Objects({ run }: { run: RunView }) {
  const [chosen, choose] = useState<ObjectOutcome>();
  const outcomes = ObjectOutcome.options.filter((outcome) => run.objects[outcome]);
  if (outcomes.length === 0) return null;
  return (
    <Panel title={run.kind === 'Preview' ? 'Objects as they would be on the destination' : 'Objects on the destination'}>
      <ToggleGroup aria-label="Outcomes" className="godwit-wrap">
        {outcomes.map((outcome) => (
          <ToggleGroupItem
            key={outcome}
            buttonId={`outcome-${outcome}`}
            text={`${outcome} ${run.objects[outcome]}`}
            isSelected={chosen === outcome}
            onChange={(_event, selected) => choose(selected ? outcome : undefined)}
          />
        ))}
      </ToggleGroup>
      {chosen && <ObjectsOf key={chosen} run={run} outcome={chosen} />}
    </Panel>
  );
}

function ObjectsOf({ run, outcome }: { run: RunView; outcome: ObjectOutcome }) {
  const { data, error, isPending, hasNextPage, fetchNextPage, isFetchingNextPage, refetch } = useInfiniteQuery(
    objectsQuery(run.id, outcome, run.objects[outcome] ?? 0),
  );
  if (isPending) return <Skeleton height="6rem" screenreaderText="Reading the objects" />;
  return (
    <>
      {error && <RequestProblem doing="Cannot read the objects" error={error} onRetry={() => refetch()} />}
      <Table aria-label={`Objects: ${outcome}`} variant="compact">
        <Thead>
          <Tr>
            <Th>Kind</Th>
            <Th>Name</Th>
            <Th>Details</Th>
          </Tr>
        </Thead>
        <Tbody>
          {data?.pages
            .flatMap(({ items }) => items)
            .map((object) => (
              <Tr key={`${object.apiVersion} ${object.kind} ${object.namespace} ${object.name}`}>
                <Td dataLabel="Kind">{object.kind}</Td>
                <Td dataLabel="Name" modifier="breakWord">
                  {object.namespace ? `${object.namespace}/${object.name}` : object.name}
                </Td>
                <Td dataLabel="Details" modifier="breakWord">
                  <ObjectDetails object={object} />
                </Td>
              </Tr>
            ))}
        </Tbody>
      </Table>
      {hasNextPage && (
        <Button variant="link" isLoading={isFetchingNextPage} onClick={() => fetchNextPage()}>
          Show more
        </Button>
      )}
    </>
  );
}
