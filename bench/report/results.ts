import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../../tools/infra/home.ts';
import type { Lost } from '../lib/compare.ts';
import type { ApplyToolName, CaseName, SetName, ToolName } from '../options.ts';

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
  /** Bodies of objects, to object storage and from it. */
  sentMb: number;
  receivedMb: number;
  requests: number;
}

export interface MoverRow extends Figures {
  set: SetName;
  phase: Phase;
  tool: ToolName;
  /** Added to each request. */
  latencyMs: number;
  runs: number;
  /** Each process had one core of its own: copy and restore as if on two machines. */
  apart?: true;
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

export interface MemoryRow extends Figures {
  set: CaseName;
  phase: 'up' | 'down';
  limitMiB: number;
}

export interface CaseMeasurement extends Measurement {
  set: CaseName;
  mover: string;
}

/** Objects applied to a cluster. */
export interface ResourceRow {
  set: 'mixed';
  phase: 'apply';
  tool: ApplyToolName;
  objects: number;
  seconds: number;
  /** User and system, of the tool; the API server's is not in it. */
  cpuSeconds: number;
  peakMb: number;
}

export interface ResourceMeasurement {
  set: 'mixed';
  measuredAt: string;
  machine: string;
  /** What each tool is. */
  tools: Partial<Record<ApplyToolName, string>>;
}

/** How each set was measured, and what was found. */
export interface Results<M extends { set: string }, R extends { set: string }> {
  measurements: M[];
  rows: R[];
}

export type MoverResults = Results<SetMeasurement, MoverRow>;
export type ResourceResults = Results<ResourceMeasurement, ResourceRow>;
export type MemoryResults = Results<CaseMeasurement, MemoryRow>;

const COMMITTED = join(repository, 'bench/results');

export const moverResultsFile = join(COMMITTED, 'mover.json');
export const memoryResultsFile = join(COMMITTED, 'memory.json');
export const resourcesResultsFile = join(COMMITTED, 'resources.json');

/** @returns what the file holds, or nothing yet */
export function readResults<M extends { set: string }, R extends { set: string }>(file: string): Results<M, R> {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Results<M, R>) : { measurements: [], rows: [] };
}

/** One row a line: a change is seen in a diff. */
export function writeResults<M extends { set: string }, R extends { set: string }>(
  file: string,
  { measurements, rows }: Results<M, R>,
): void {
  const lines = (values: readonly object[]) => values.map((value) => `    ${JSON.stringify(value)}`).join(',\n');
  writeFileSync(file, `{\n  "measurements": [\n${lines(measurements)}\n  ],\n  "rows": [\n${lines(rows)}\n  ]\n}\n`);
}

/** @returns the results with those of newly measured sets in place of older ones, in the order of the names */
export function replaceResults<M extends { set: string }, R extends { set: string }>(
  before: Results<M, R>,
  now: Results<M, R>,
  names: readonly string[],
): Results<M, R> {
  const measured = new Set(now.measurements.map(({ set }) => set));
  const merge = <T extends { set: string }>(older: T[], newer: T[]) =>
    [...older.filter(({ set }) => !measured.has(set)), ...newer].sort((a, b) => names.indexOf(a.set) - names.indexOf(b.set));
  return { measurements: merge(before.measurements, now.measurements), rows: merge(before.rows, now.rows) };
}
