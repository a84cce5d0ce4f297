import { assertSameTree, type Lost } from '../lib/compare.ts';
import type { Pipeline } from '../lib/measure.ts';
import { type Bench, measurePhase } from '../lib/measured-phase.ts';
import type { Tool, Workspace } from '../tools/tool.ts';
import type { Samples } from './samples.ts';

export interface Round {
  bench: Bench;
  tool: Tool;
  samples: Samples;
  source: string;
  /** Restores are also measured with so much added to each request; 0: they are not. */
  latencyMs: number;
}

/** Copies and restores a set once. @returns the metadata that the tool does not keep */
export function copyAndRestore(round: Round): Promise<Lost> {
  const { bench, tool, samples, source, latencyMs } = round;
  return inWorkspace(round, async (workspace, target) => {
    const session = tool.open(workspace, { changes: false });
    await session.prepare?.();
    samples.add('up', tool.name, await measurePhase(bench.stub, [session.up(source)]));
    session.check?.('up');
    const restore = async (into: string, latency: number) => {
      samples.add('down', tool.name, await measurePhase(bench.stub, [session.down(into)], latency), { latencyMs: latency });
      session.check?.('down');
      const lost = await assertSameTree(source, into, tool.name);
      bench.arena.remove(into);
      return lost;
    };
    const lost = await restore(target, 0);
    if (latencyMs > 0) await restore(bench.arena.fresh('target'), latencyMs);
    return lost;
  });
}

/** Copies a set and restores it while it is copied. */
export function copyWhileRestoring(round: Round): Promise<Lost> {
  const { bench, tool, samples, source } = round;
  return inWorkspace(round, async (workspace, target) => {
    const session = tool.open(workspace, { changes: false });
    samples.add('pipelined', tool.name, await measurePhase(bench.stub, [session.up(source), session.down(target)]));
    session.check?.('up');
    session.check?.('down');
    return assertSameTree(source, target, tool.name);
  });
}

/** Copies and restores a set, one after the other and at once, each on a core of its own: as on two machines that have one. */
export function copyAndRestoreApart(round: Round): Promise<Lost> {
  const { bench, tool, samples, source } = round;
  const take = async (phase: 'up' | 'down' | 'pipelined', pipelines: Pipeline[]) =>
    samples.add(phase, tool.name, await measurePhase(bench.stub, pipelines), { apart: true });
  return inWorkspace(round, async (workspace, target) => {
    const session = tool.open(workspace, { changes: false });
    await take('up', [onCore(0, session.up(source))]);
    await take('down', [onCore(1, session.down(target))]);
    bench.arena.remove(target);
    await bench.stub.wipe();
    const again = bench.arena.fresh('target');
    await take('pipelined', [onCore(0, session.up(source)), onCore(1, session.down(again))]);
    return assertSameTree(source, again, tool.name);
  });
}

function onCore(core: number, pipeline: Pipeline): Pipeline {
  return pipeline.map((command) => ({ ...command, args: ['taskset', '-c', String(core), ...command.args] }));
}

/**
 * Copies and restores a base, then measures how what changed since then is copied, and laid over what was restored.
 * @returns the metadata that the tool does not keep
 */
export function copyChanges(round: Round, base: string): Promise<Lost> {
  const { bench, tool, samples, source } = round;
  return inWorkspace(round, async (workspace, target) => {
    const session = tool.open(workspace, { changes: true });
    await session.prepare?.();
    await measurePhase(bench.stub, [session.up(base)]);
    session.check?.('up');
    await measurePhase(bench.stub, [session.down(target)]);
    session.check?.('down');
    samples.add('incremental', tool.name, await measurePhase(bench.stub, [session.upChanged(source)]));
    session.check?.('upChanged');
    samples.add('incremental down', tool.name, await measurePhase(bench.stub, [session.downChanged(target)]));
    session.check?.('downChanged');
    return assertSameTree(source, target, tool.name);
  });
}

/** Gives a round an empty object store, a place for the tool's files and an empty directory to restore into. */
async function inWorkspace<T>(
  { bench: { arena, stub }, tool }: Round,
  work: (workspace: Workspace, target: string) => Promise<T>,
): Promise<T> {
  await stub.wipe();
  const directory = arena.fresh(tool.name);
  const target = arena.fresh('target');
  try {
    return await work({ directory, endpoint: stub.endpoint }, target);
  } finally {
    for (const path of [directory, target]) arena.remove(path);
  }
}
