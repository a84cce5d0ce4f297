import { generateClient } from './build/generate-client.ts';
import { runTool } from './cli/run-tool.ts';

/** `npm run generate`. */
await runTool(async () => {
  await generateClient();
  return 0;
});
