import { Content } from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { runsOfClusterQuery } from '../api/runs.ts';
import { Loaded } from '../app/app-page.tsx';
import { Panel } from '../run/panel.tsx';
import { RunsTable } from './runs-table.tsx';

/** The latest runs from or to a cluster. */
export function RunsOfCluster({ id }: { id: string }) {
  const runs = useQuery(runsOfClusterQuery(id));
  return (
    <Panel title="Runs">
      <Loaded what="the runs" query={runs}>
        {(items) =>
          items.length === 0 ? (
            <Content component="p">No run was from or to this cluster yet.</Content>
          ) : (
            <RunsTable runs={items} />
          )
        }
      </Loaded>
    </Panel>
  );
}
