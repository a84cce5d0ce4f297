import { expect, test } from '@jest/globals';
import { drawChart } from './chart.ts';
import { figure } from './markdown.ts';
import { moverSection } from './mover-section.ts';
import { replacePart } from './publish.ts';
import { pipelineCosts, ratioTable } from './ratio-table.ts';
import { type MoverResults, type MoverRow, replaceResults } from './results.ts';

const row = (tool: MoverRow['tool'], seconds: number, change: Partial<MoverRow> = {}): MoverRow => ({
  set: 'small',
  phase: 'down',
  tool,
  latencyMs: 0,
  runs: 3,
  seconds,
  cpuSeconds: 1,
  peakMb: 100,
  storedMb: 500,
  sentMb: 0,
  receivedMb: 500,
  requests: 1234,
  ...change,
});
const lost = { mode: 0, owner: 0, times: 7, hardLinks: 0 };
const results = (rows: MoverRow[], set: MoverRow['set'] = 'small'): MoverResults => ({
  measurements: [
    {
      set,
      measuredAt: '2026-01-02T03:04:05.000Z',
      machine: 'a machine',
      scale: 1,
      files: 100_000,
      megabytes: 872,
      tools: { godwit: { description: 'ours', lost: { ...lost, times: 0 } }, rclone: { description: 'theirs', lost } },
    },
  ],
  rows,
});
const rows = [row('godwit', 2), row('rclone', 5), row('godwit', 4, { latencyMs: 5 }), row('rclone', 40, { latencyMs: 5 })];

test('the ratio is that of rows of the same phase and latency', () => {
  expect(ratioTable(rows).split('\n')).toEqual([
    'set    phase       godwit  restic  rclone  tar',
    'small  down        2.00 s            2.5x',
    'small  down, 5 ms  4.00 s           10.0x',
  ]);
});

test('copy and restore at once are held against the slower of the two', () => {
  const all = [row('godwit', 2), row('godwit', 4, { phase: 'up' }), row('godwit', 5, { phase: 'pipelined' })];
  expect(pipelineCosts([...rows, ...all])).toEqual([{ set: 'small', factor: 1.25 }]);
});

test('the page tells ratios, figures and what was not kept', () => {
  const section = moverSection(results(rows));
  expect(section).toContain('| small: down, 5 ms | 4.00 s |  | 10.0 |  |');
  expect(section).toContain('### small: 100,000 files, 872 MB (scale 1)');
  expect(section).toMatch(/\| rclone \|\s+\| 5\.00 \| 40\.0 \|/);
  expect(section).toContain('| rclone | 0 | 0 | 7 | 0 |');
});

test('of what changed, the part of the volume is told that was sent', () => {
  const changes = [row('godwit', 1, { set: 'db2', phase: 'incremental', sentMb: 43.6 })];
  expect(moverSection(results(changes, 'db2'))).toContain('| **Godwit** | 43.6 | 5.00 | 1.00 |');
});

test('a set that is measured again replaces its rows and no others', () => {
  const before = { ...results([row('godwit', 9, { set: 'mixed' }), row('godwit', 9), row('tar', 9)]) };
  const after = replaceResults(before, results([row('godwit', 2)]), ['small', 'mixed']);
  expect(after.rows.map(({ set, tool, seconds }) => [set, tool, seconds])).toEqual([
    ['small', 'godwit', 2],
    ['mixed', 'godwit', 9],
  ]);
  expect(after.measurements).toHaveLength(1);
});

test('only what is between the marks of a part is written anew', () => {
  const page = 'a\n<!-- measured: one -->\nold\n<!-- end -->\nb\n<!-- measured: two -->\n<!-- end -->\n';
  expect(replacePart(page, 'one', 'new')).toBe(page.replace('old\n', '\nnew\n\n'));
  expect(() => replacePart(page, 'three', 'new')).toThrow('no place for the measured three');
});

test('bars are as long as what they stand for', () => {
  const bars = [...drawChart(rows).matchAll(/class="(godwit|peer)"[^>]* width="([\d.]+)"/g)].map((match) => Number(match[2]));
  expect(bars).toHaveLength(4);
  expect(bars[1]! / bars[0]!).toBeCloseTo(2.5, 1);
  expect(bars[3]! / bars[2]!).toBeCloseTo(10, 1);
});

test.each([
  [0, '0'],
  [0.01234, '0.012'],
  [0.1234, '0.123'],
  [1.234, '1.23'],
  [12.34, '12.3'],
  [1234.5, '1,235'],
])('%f is told as %s', (value, text) => {
  expect(figure(value)).toBe(text);
});
