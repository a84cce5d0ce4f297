import { runTool } from '../tools/cli/run-tool.ts';
import { benchMemory } from './memory/bench-memory.ts';
import { benchMover } from './mover/bench-mover.ts';
import { readOptions } from './options.ts';
import { publish } from './report/publish.ts';

/** `npm run bench -- mover|memory|report`. */
await runTool(async () => {
  const options = readOptions(process.argv.slice(2));
  const failures = await { mover: benchMover, memory: benchMemory, report: async () => [] }[options.command](options);
  if (!options.out) publish();
  for (const failure of failures) console.error(`\n${failure}`);
  return failures.length === 0 ? 0 : 1;
});
