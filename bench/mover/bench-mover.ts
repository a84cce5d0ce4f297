import { openArena } from '../lib/arena.ts';
import { ensureDataSet, measureDataSet, readDataSet } from '../lib/data-set.ts';
import { describeMachine } from '../lib/machine.ts';
import type { Bench } from '../lib/measured-phase.ts';
import { buildPrograms } from '../lib/programs.ts';
import { startStub } from '../lib/stub.ts';
import { type Options, SETS, type SetName } from '../options.ts';
import { ratioTable } from '../report/ratio-table.ts';
import {
  type MoverResults,
  moverResultsFile,
  readResults,
  replaceResults,
  type SetMeasurement,
  writeResults,
} from '../report/results.ts';
import { openTools } from '../tools/open-tools.ts';
import type { Tool } from '../tools/tool.ts';
import { copyAndRestore, copyAndRestoreApart, copyChanges, copyWhileRestoring } from './rounds.ts';
import { Samples } from './samples.ts';

const TMPFS = '/dev/shm';
/** Where latency is told most: each file, or each part of a pack, may be a request. */
const SETS_WITH_LATENCY: readonly SetName[] = ['small', 'mixed'];
/** A tool whose round takes longer is not measured again. */
const LONG_ROUND_MS = 120_000;

/** Measures the wanted sets, and writes the results of each when it is done. @returns what failed, for people */
export async function benchMover(options: Options): Promise<string[]> {
  await buildPrograms();
  const tools = await openTools(options.tools, options);
  const arena = openArena(TMPFS);
  const bench = { arena, stub: await startStub(arena.fresh('objects')) };
  const file = options.out ?? moverResultsFile;
  const failures: string[] = [];
  for (const set of options.names.length > 0 ? (options.names as SetName[]) : SETS) {
    try {
      const results = await benchSet(bench, set, tools, options);
      writeResults(file, replaceResults(readResults(file), results, SETS));
      console.log(`\n${ratioTable(results.rows)}\n`);
    } catch (error) {
      failures.push(`${set}: ${process.env.GODWIT_DEBUG ? (error as Error).stack : (error as Error).message}`);
    }
  }
  await bench.stub.stop();
  return failures;
}

async function benchSet(bench: Bench, set: SetName, tools: readonly Tool[], options: Options): Promise<MoverResults> {
  const source = await ensureDataSet(set, options.scale);
  const size = await measureDataSet(source);
  await readDataSet(source);
  const base = set === 'db2' ? await ensureDataSet('db', options.scale) : undefined;
  if (base) await readDataSet(base);
  const latencyMs = SETS_WITH_LATENCY.includes(set) ? options.latencyMs : 0;
  const samples = new Samples(set);
  const told: SetMeasurement['tools'] = {};
  const tooLong = new Set<Tool>();
  for (let run = 0; run < options.runs; run++) {
    for (const tool of rotate(tools, run)) {
      if (tooLong.has(tool)) continue;
      const began = performance.now();
      const round = { bench, tool, samples, source, latencyMs };
      const lost = base ? await copyChanges(round, base) : await copyAndRestore(round);
      if (!base && tool.name === 'godwit') {
        await copyWhileRestoring(round);
        await copyAndRestoreApart(round);
      }
      told[tool.name] = { description: tool.description, lost };
      if (performance.now() - began > LONG_ROUND_MS) tooLong.add(tool);
    }
  }
  const measurement = {
    set,
    measuredAt: new Date().toISOString(),
    machine: describeMachine(),
    scale: options.scale,
    files: size.files,
    megabytes: Math.round(size.bytes / 1e6),
    tools: told,
  };
  return { measurements: [measurement], rows: samples.rows() };
}

/** No tool is always the one that comes after another. */
function rotate<T>(all: readonly T[], by: number): T[] {
  const start = by % all.length;
  return [...all.slice(start), ...all.slice(0, start)];
}
