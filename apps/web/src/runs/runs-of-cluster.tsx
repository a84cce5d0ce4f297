import { Content } from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { runsQuery } from '../api/runs.ts';
import { Loaded } from '../app/app-page.tsx';
import { Panel } from '../run/panel.tsx';
import { RunsTable } from './runs-table.tsx';

const SHOWN = 10;

/** The latest runs from or to a cluster. */
export function RunsOfCluster({ name }: { name: string }) {
  const runs = useQuery(runsQuery);
  return (
    <Panel title="Runs">
      <Loaded what="the runs" query={runs}>
        {(all) => {
          const own = all.filter(
            ({ sourceCluster, destinationCluster }) => sourceCluster === name || destinationCluster === name,
          );
          if (own.length === 0) return <Content component="p">None of the latest runs was from or to this cluster.</Content>;
          return <RunsTable runs={own.slice(0, SHOWN)} />;
        }}
      </Loaded>
    </Panel>
  );
}
