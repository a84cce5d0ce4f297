import { TOOLS, type ToolName } from '../options.ts';
import { CHART_TEXT } from './chart.ts';
import { count, figure, markdownTable } from './markdown.ts';
import { comparisons, phaseName, pipelineCosts } from './ratio-table.ts';
import type { MoverResults, MoverRow, Phase, SetMeasurement } from './results.ts';

const TOOL_NAMES: Record<ToolName, string> = {
  godwit: '**Godwit**',
  restic: 'restic',
  rclone: 'rclone',
  tar: 'tar, zstd, rclone',
};
const PEERS = TOOLS.filter((tool) => tool !== 'godwit');

/** @returns the part of docs/performance.md about copies and restores */
export function moverSection({ measurements, rows }: MoverResults): string {
  const whole = measurements.filter(({ set }) => set !== 'db2');
  const changed = measurements.find(({ set }) => set === 'db2');
  return [
    describeTools(measurements),
    `![${CHART_TEXT}](performance.svg)`,
    "How many times as long the others took (the peer's seconds / ours):",
    ratios(rows),
    `Copy and restore at once take so many times as long as the slower of the two alone, with a core for each of them (as on two machines that have one): ${factors(pipelineCosts(rows, true))}. Sharing all cores of this one machine: ${factors(pipelineCosts(rows))}; each alone uses both cores already.`,
    ...whole.map((measurement) => setTable(measurement, rows)),
    ...(changed ? [incrementalTable(changed, rows)] : []),
    lostTable(measurements),
  ].join('\n\n');
}

function factors(costs: readonly { set: string; factor: number }[]): string {
  return costs.map(({ set, factor }) => `${set} ${factor.toFixed(2)}`).join(', ');
}

function describeTools(measurements: readonly SetMeasurement[]): string {
  const tools = Object.assign({}, ...measurements.map((measurement) => measurement.tools)) as SetMeasurement['tools'];
  const machines = [...new Set(measurements.map(({ machine }) => machine))].join('; ');
  const days = [...new Set(measurements.map(({ measuredAt }) => measuredAt.slice(0, 10)))].join(', ');
  const list = TOOLS.flatMap((tool) => (tools[tool] ? [`- ${TOOL_NAMES[tool]}: ${tools[tool].description}`] : []));
  return `Measured ${days} on ${machines}.\n\n${list.join('\n')}`;
}

function ratios(rows: readonly MoverRow[]): string {
  const lines = comparisons(rows).map((comparison) => {
    const { set, ours, peers } = comparison;
    return [
      `${set}: ${phaseName(comparison)}`,
      `${figure(ours.seconds)} s`,
      ...PEERS.map((tool) => (peers[tool] ? `${(peers[tool].seconds / ours.seconds).toFixed(1)}` : '')),
    ];
  });
  return markdownTable(['', 'Godwit', ...PEERS.map((tool) => TOOL_NAMES[tool])], lines);
}

/** Finds the row of a tool in a phase. */
type Find = (phase: Phase, latency?: boolean) => MoverRow | undefined;

const finder =
  (rows: readonly MoverRow[], set: string, tool: ToolName): Find =>
  (phase, latency = false) =>
    rows.find(
      (row) => row.set === set && row.tool === tool && row.phase === phase && row.latencyMs > 0 === latency && !row.apart,
    );

const cell = (value: number | undefined, show = figure) => (value === undefined ? '' : show(value));

function setTable({ set, scale, files, megabytes, tools }: SetMeasurement, rows: readonly MoverRow[]): string {
  const latency = rows.find((row) => row.set === set && row.latencyMs > 0)?.latencyMs;
  const head = [
    '',
    'up s',
    'down s',
    ...(latency ? [`down s, ${latency} ms`] : []),
    'both s',
    'CPU s',
    'peak MB',
    'stored MB',
    'requests',
    'runs',
  ];
  const lines = TOOLS.filter((tool) => tools[tool]).map((tool) => {
    const find = finder(rows, set, tool);
    const [up, down, both] = [find('up'), find('down'), find('pipelined')];
    const pair = (one: number | undefined, other: number | undefined, show = figure) =>
      `${cell(one, show)} / ${cell(other, show)}`;
    return [
      TOOL_NAMES[tool],
      cell(up?.seconds),
      cell(down?.seconds),
      ...(latency ? [cell(find('down', true)?.seconds)] : []),
      `${both?.summed ? '' : '**'}${cell(both?.seconds)}${both?.summed ? '' : '**'}`,
      pair(up?.cpuSeconds, down?.cpuSeconds),
      pair(up?.peakMb, down?.peakMb),
      cell(up?.storedMb),
      pair(up?.requests, down?.requests, count),
      String(up?.runs ?? ''),
    ];
  });
  return `### ${set}: ${count(files)} ${files === 1 ? 'file' : 'files'}, ${count(megabytes)} MB (scale ${scale})\n\n${markdownTable(head, lines)}`;
}

function incrementalTable({ set, scale, megabytes, tools }: SetMeasurement, rows: readonly MoverRow[]): string {
  const head = ['', 'sent MB', '% of the volume', 'copy s', 'received MB', 'restore s', 'runs'];
  const lines = TOOLS.filter((tool) => tools[tool]).map((tool) => {
    const find = finder(rows, set, tool);
    const [copy, restore] = [find('incremental'), find('incremental down')];
    const part = copy && (100 * copy.sentMb) / megabytes;
    return [
      TOOL_NAMES[tool],
      cell(copy?.sentMb),
      cell(part),
      cell(copy?.seconds),
      cell(restore?.receivedMb),
      cell(restore?.seconds),
      String(copy?.runs ?? ''),
    ];
  });
  const title = `### db, then db2: 3 % of the pages of ${count(megabytes)} MB changed (scale ${scale})`;
  return `${title}\n\n${markdownTable(head, lines)}`;
}

function lostTable(measurements: readonly SetMeasurement[]): string {
  const lines = TOOLS.filter((tool) => measurements.some(({ tools }) => tools[tool])).map((tool) => {
    const all = measurements.flatMap(({ tools }) => (tools[tool] ? [tools[tool].lost] : []));
    const sum = (name: keyof (typeof all)[number]) => count(all.reduce((total, lost) => total + lost[name], 0));
    return [TOOL_NAMES[tool], sum('mode'), sum('owner'), sum('times'), sum('hardLinks')];
  });
  return `### What was not kept\n\nEntries of all sets together whose metadata is not that of the source after the restore; names, types, contents and link targets were equal with every tool.\n\n${markdownTable(
    ['', 'mode', 'owner', 'time', 'hard link'],
    lines,
  )}`;
}
