import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../../tools/infra/home.ts';
import type { Lost } from '../lib/compare.ts';
import type { CaseName, SetName, ToolName } from '../options.ts';

export const PHASES = ['up', 'down', 'pipelined', 'incremental', 'incremental down'] as const;
export type Phase = (typeof PHASES)[number];

/** What one phase took: medians of the runs. MB are 10^6 bytes. */
export interface Figures {
  seconds: number;
  /** User and system, of the process with all its children. */
  cpuSeconds: number;
  /** Peak of the resident set; of a pipeline, the sum of its commands'. */
  peakMb: number;
  /** In object storage afterwards. */
  storedMb: number;
  /** Bodies of objects, in both directions. */
  transferredMb: number;
  requests: number;
}

export interface MoverRow extends Figures {
  set: SetName;
  phase: Phase;
  tool: ToolName;
  /** Added to each request. */
  latencyMs: number;
  runs: number;
  /** Not run in one: what its copy and its restore took, one after the other. */
  summed?: true;
}

/** How and on what rows were measured. */
export interface Measurement {
  measuredAt: string;
  machine: string;
  scale: number;
  files: number;
  megabytes: number;
}

export interface SetMeasurement extends Measurement {
  set: SetName;
  tools: Partial<Record<ToolName, { description: string; lost: Lost }>>;
}

export interface MoverResults {
  measurements: SetMeasurement[];
  rows: MoverRow[];
}

export interface MemoryRow extends Figures {
  case: CaseName;
  phase: 'up' | 'down';
  limitMb: number;
}

export interface MemoryResults {
  measurements: (Measurement & { case: CaseName; mover: string })[];
  rows: MemoryRow[];
}

const COMMITTED = join(repository, 'bench/results');

export const moverResultsFile = join(COMMITTED, 'mover.json');
export const memoryResultsFile = join(COMMITTED, 'memory.json');

/** @returns what the file holds, or nothing yet */
export function readResults<T extends MoverResults | MemoryResults>(file: string): T {
  const none: MoverResults & MemoryResults = { measurements: [], rows: [] };
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as T) : (none as unknown as T);
}

/** One row a line: a change is seen in a diff. */
export function writeResults(file: string, { measurements, rows }: MoverResults | MemoryResults): void {
  const lines = (values: readonly object[]) => values.map((value) => `    ${JSON.stringify(value)}`).join(',\n');
  writeFileSync(file, `{\n  "measurements": [\n${lines(measurements)}\n  ],\n  "rows": [\n${lines(rows)}\n  ]\n}\n`);
}

interface Results<Item> {
  measurements: Item[];
  rows: Item[];
}

/** @returns the results with those of one set or case in place of older ones, in the order of the names */
export function replaceResults<R extends MoverResults | MemoryResults>(
  before: R,
  now: R,
  by: 'set' | 'case',
  names: readonly string[],
): R {
  type Item = Record<typeof by, string>;
  const nameOf = (item: unknown) => (item as Item)[by];
  const old = before as unknown as Results<Item>;
  const added = now as unknown as Results<Item>;
  const replaced = nameOf(added.measurements[0]);
  const merge = (older: Item[], newer: Item[]) =>
    [...older.filter((item) => nameOf(item) !== replaced), ...newer].sort(
      (a, b) => names.indexOf(nameOf(a)) - names.indexOf(nameOf(b)),
    );
  return { measurements: merge(old.measurements, added.measurements), rows: merge(old.rows, added.rows) } as unknown as R;
}
