import { runTool } from '../tools/cli/run-tool.ts';
import { benchMemory } from './memory/bench-memory.ts';
import { benchMover } from './mover/bench-mover.ts';
import { readOptions } from './options.ts';
import { publish } from './report/publish.ts';
import { benchResources } from './resources/bench-resources.ts';

/** `npm run bench -- mover|memory|resources|report`. */
await runTool(async () => {
  const options = readOptions(process.argv.slice(2));
  const commands = { mover: benchMover, memory: benchMemory, resources: benchResources, report: async () => [] };
  const failures = await commands[options.command](options);
  if (!options.out) publish();
  for (const failure of failures) console.error(`\n${failure}`);
  return failures.length === 0 ? 0 : 1;
});
