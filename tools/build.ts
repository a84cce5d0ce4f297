import { buildAll } from './build/build-all.ts';
import { runTool } from './cli/run-tool.ts';

/** `npm run build`: generated code, the native core, every library, service and the web app. */
await runTool(async () => {
  await buildAll();
  return 0;
});
