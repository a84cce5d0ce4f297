import type { RunView } from '@godwit/contracts/api';
import { isFinished } from '@godwit/contracts/run';
import { formatBytes } from '@godwit/pipeline/format-bytes';
import { formatDuration } from '@godwit/pipeline/format-duration';
import { Content } from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { throughputQuery } from '../api/runs.ts';
import { chartOf, HEIGHT, WIDTH } from './chart.ts';
import { Panel } from './panel.tsx';

/** How fast the data of a run moved, over its time. */
export function Throughput({ run }: { run: RunView }) {
  const { data: points = [] } = useQuery(throughputQuery(run.id, !isFinished(run.phase)));
  const chart = chartOf(points);
  if (!chart) return null;
  const { copy, restore, highest, seconds } = chart;
  const told = `At most ${formatBytes(highest)} per second, over ${formatDuration(seconds * 1000)}.`;
  return (
    <Panel title="Throughput">
      <svg className="godwit-chart" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={told}>
        <polyline className="godwit-chart-copy" points={copy} />
        <polyline className="godwit-chart-restore" points={restore} />
      </svg>
      <Content component="small">
        <span className="godwit-key-copy" /> copy from the source <span className="godwit-key-restore" /> restore to the
        destination. {told}
      </Content>
    </Panel>
  );
}
