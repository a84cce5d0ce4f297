import { TOOLS, type ToolName } from '../options.ts';
import { figure } from './markdown.ts';
import { phaseName } from './ratio-table.ts';
import type { MoverRow } from './results.ts';

const COLUMNS = 4;
const PANEL = { width: 214, height: 104, bar: 13, step: 17, label: 54, head: 22, value: 42 };
/** For those who cannot see it. */
export const CHART_TEXT = 'Seconds of each tool, by data set and phase; shorter is better';
const SETS = ['big', 'small', 'mixed', 'db'];

interface Bar {
  tool: ToolName;
  value: number;
}

interface Panel {
  title: string;
  unit: string;
  bars: Bar[];
}

/** @returns an SVG with a small bar chart for each set and phase. Its colours follow the reader's light or dark scheme. */
export function drawChart(rows: readonly MoverRow[]): string {
  const lines = panelLines(rows);
  const width = COLUMNS * PANEL.width;
  const height = lines.length * PANEL.height + 8;
  const panels = lines.flatMap((line, y) =>
    line.map((panel, x) => `<g transform="translate(${x * PANEL.width} ${y * PANEL.height + 8})">${drawPanel(panel)}</g>`),
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${CHART_TEXT}">
<style>
  text { font: 12px system-ui, sans-serif; fill: #3b4148 }
  .title { font-weight: 600 }
  .value { font-variant-numeric: tabular-nums }
  .peer { fill: #a9b1ba }
  .godwit { fill: #0a7d8c }
  text.ours { font-weight: 600 }
  @media (prefers-color-scheme: dark) {
    text { fill: #c9d1d9 }
    .peer { fill: #59636e }
    .godwit { fill: #35b6c6 }
  }
</style>
${panels.join('\n')}
</svg>
`;
}

/** One line of panels for each set that was measured. */
function panelLines(rows: readonly MoverRow[]): Panel[][] {
  return SETS.map((set) => {
    const phases = Map.groupBy(
      rows.filter((row) => row.set === set && !row.apart),
      (row) => `${set}: ${phaseName(row)}`,
    );
    const panels = [...phases].map(([title, of]) => ({ title, unit: 's', bars: barsOf(of, ({ seconds }) => seconds) }));
    const incremental = set === 'db' ? rows.filter((row) => row.phase === 'incremental') : [];
    const sent = { title: 'db2: sent', unit: 'MB', bars: barsOf(incremental, ({ sentMb }) => sentMb) };
    return incremental.length > 0 ? [...panels, sent] : panels;
  }).filter((line) => line.length > 0);
}

function barsOf(rows: readonly MoverRow[], value: (row: MoverRow) => number): Bar[] {
  return rows.map((row) => ({ tool: row.tool, value: value(row) })).sort((a, b) => TOOLS.indexOf(a.tool) - TOOLS.indexOf(b.tool));
}

function drawPanel({ title, unit, bars }: Panel): string {
  const { width, bar, step, label, head, value } = PANEL;
  const longest = Math.max(...bars.map((one) => one.value));
  const scale = (width - label - value - 16) / longest;
  const drawn = bars.map(({ tool, value: long }, index) => {
    const y = head + index * step;
    const [shape, text] = tool === 'godwit' ? ['godwit', 'ours'] : ['peer', ''];
    const length = Math.max(long * scale, 1).toFixed(1);
    return (
      `<text class="${text}" x="${label - 6}" y="${y + 10.5}" text-anchor="end">${tool}</text>` +
      `<rect class="${shape}" x="${label}" y="${y}" width="${length}" height="${bar}" rx="2"/>` +
      `<text class="value ${text}" x="${(label + Number(length) + 5).toFixed(1)}" y="${y + 10.5}">${figure(long)}</text>`
    );
  });
  return `<text class="title" x="${label}" y="12">${title}, ${unit}</text>${drawn.join('')}`;
}
