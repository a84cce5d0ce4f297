import { runTool } from './cli/run-tool.ts';
import { runVisibly } from './cli/run-visibly.ts';

/** `npm run fix`: formats, and mends what the linter can mend by itself. */
await runTool(() => runVisibly('biome', ['check', '--write', '.']));
