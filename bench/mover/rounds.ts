import { assertSameTree, type Lost } from '../lib/compare.ts';
import { type Bench, measurePhase } from '../lib/measured-phase.ts';
import type { Tool } from '../tools/tool.ts';
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
export async function copyAndRestore({ bench, tool, samples, source, latencyMs }: Round): Promise<Lost> {
  const { arena, stub } = bench;
  await stub.wipe();
  const directory = arena.fresh(tool.name);
  const session = tool.open({ directory, endpoint: stub.endpoint }, { changes: false });
  await session.prepare?.();
  samples.add('up', tool.name, await measurePhase(stub, [session.up(source)]));
  session.check?.('up');
  const restore = async (latency: number) => {
    const target = arena.fresh('target');
    samples.add('down', tool.name, await measurePhase(stub, [session.down(target)], latency), latency);
    session.check?.('down');
    const lost = await assertSameTree(source, target, tool.name);
    arena.remove(target);
    return lost;
  };
  const lost = await restore(0);
  if (latencyMs > 0) await restore(latencyMs);
  arena.remove(directory);
  return lost;
}

/** Copies a set and restores it while it is copied. */
export async function copyWhileRestoring({ bench, tool, samples, source }: Round): Promise<void> {
  const { arena, stub } = bench;
  await stub.wipe();
  const directory = arena.fresh(tool.name);
  const target = arena.fresh('target');
  const session = tool.open({ directory, endpoint: stub.endpoint }, { changes: false });
  samples.add('pipelined', tool.name, await measurePhase(stub, [session.up(source), session.down(target)]));
  session.check?.('up');
  session.check?.('down');
  await assertSameTree(source, target, tool.name);
  arena.remove(target);
  arena.remove(directory);
}

/** Copies and restores a base, then measures how what changed since then is copied, and laid over what was restored. */
export async function copyChanges({ bench, tool, samples, source }: Round, base: string): Promise<Lost> {
  const { arena, stub } = bench;
  await stub.wipe();
  const directory = arena.fresh(tool.name);
  const target = arena.fresh('target');
  const session = tool.open({ directory, endpoint: stub.endpoint }, { changes: true });
  await session.prepare?.();
  await measurePhase(stub, [session.up(base)]);
  session.check?.('up');
  await measurePhase(stub, [session.down(target)]);
  session.check?.('down');
  samples.add('incremental', tool.name, await measurePhase(stub, [session.upChanged(source)]));
  session.check?.('upChanged');
  samples.add('incremental down', tool.name, await measurePhase(stub, [session.downChanged(target)]));
  session.check?.('downChanged');
  const lost = await assertSameTree(source, target, tool.name);
  arena.remove(target);
  arena.remove(directory);
  return lost;
}
