import { generateCode } from './build/generate-code.ts';
import { runTool } from './cli/run-tool.ts';

/** `npm run generate`. */
await runTool(async () => {
  await generateCode();
  return 0;
});
