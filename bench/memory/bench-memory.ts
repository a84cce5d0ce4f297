import { rmSync } from 'node:fs';
import { runCommand } from '../../tools/processes/run-command.ts';
import { type Arena, openArena } from '../lib/arena.ts';
import { assertSameTree } from '../lib/compare.ts';
import { dataDirectory, ensureDataSet, measureDataSet } from '../lib/data-set.ts';
import { describeMachine } from '../lib/machine.ts';
import type { Pipeline } from '../lib/measure.ts';
import { measurePhase } from '../lib/measured-phase.ts';
import { buildPrograms } from '../lib/programs.ts';
import { startStub } from '../lib/stub.ts';
import { CASES, type CaseName, type Options } from '../options.ts';
import { roundFigures } from '../report/medians.ts';
import { type MemoryResults, memoryResultsFile, readResults, replaceResults, writeResults } from '../report/results.ts';
import { openGodwit } from '../tools/godwit.ts';
import type { Tool } from '../tools/tool.ts';
import { limitMemory } from './memory-limit.ts';

interface MemoryBench {
  mover: Tool;
  options: Options;
  /** Small things and the objects, on tmpfs: of another cgroup. */
  stubArena: Arena;
  /** Restored trees, on a disk: on tmpfs they would count as memory of the mover. */
  diskArena: Arena;
}

/** Copies and restores what needs much memory when it is not streamed, with little. @returns what failed, for people */
export async function benchMemory(options: Options): Promise<string[]> {
  await buildPrograms();
  const mover = await openGodwit(options.mover);
  const bench = { mover, options, stubArena: openArena('/dev/shm'), diskArena: openArena(dataDirectory()) };
  const file = options.out ?? memoryResultsFile;
  const failures: string[] = [];
  for (const name of options.names.length > 0 ? (options.names as CaseName[]) : CASES) {
    try {
      const results = await benchCase(bench, name);
      writeResults(file, replaceResults(readResults(file), results, CASES));
    } catch (error) {
      failures.push(`${name}: ${process.env.GODWIT_DEBUG ? (error as Error).stack : (error as Error).message}`);
    }
  }
  return failures;
}

async function benchCase({ mover, options, stubArena, diskArena }: MemoryBench, name: CaseName): Promise<MemoryResults> {
  const { limitMiB, scale } = options;
  const source = await ensureDataSet(name, scale);
  const size = await measureDataSet(source);
  const objects = stubArena.fresh('objects');
  const directory = stubArena.fresh('mover');
  const target = diskArena.fresh('target');
  const stub = await startStub(objects);
  await emptyCaches();
  const limit = limitMemory(limitMiB);
  const session = mover.open({ directory, endpoint: stub.endpoint }, { changes: false });
  const run = async (phase: 'up' | 'down', pipeline: Pipeline) => {
    const figures = roundFigures(
      await measurePhase(stub, [limit.confine(pipeline)]).catch((error: Error) => explain(error, limit.killed(), limitMiB)),
    );
    session.check?.(phase);
    console.log(`${name} ${phase}: ${figures.seconds.toFixed(1)} s, at most ${figures.peakMb} MB of ${limitMiB} MiB`);
    return { set: name, phase, limitMiB, ...figures };
  };
  try {
    const rows = [await run('up', session.up(source)), await run('down', session.down(target))];
    await assertSameTree(source, target, mover.name);
    const measurement = {
      set: name,
      measuredAt: new Date().toISOString(),
      machine: describeMachine(),
      scale,
      files: size.files,
      megabytes: Math.round(size.bytes / 1e6),
      mover: mover.description,
    };
    return { measurements: [measurement], rows };
  } finally {
    await limit.remove();
    await stub.stop();
    for (const path of [objects, directory, target]) rmSync(path, { recursive: true, force: true });
  }
}

/** What the mover reads is then counted as its memory, as in a pod, and not as that of whoever read it before. */
async function emptyCaches(): Promise<void> {
  await runCommand('sh', ['-c', 'sync; echo 3 >/proc/sys/vm/drop_caches']);
}

function explain(error: Error, killed: number, limitMiB: number): never {
  if (killed === 0) throw error;
  throw new Error(`The kernel killed the mover: ${limitMiB} MiB were not enough.\n${error.message}`, { cause: error });
}
