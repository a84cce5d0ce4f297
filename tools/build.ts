import { buildAll } from './build/build-all.ts';
import { runTool } from './cli/run-tool.ts';

/** `npm run build`: generated code, every library and service, the web app, and the mover's image. */
await runTool(async () => {
  const { archive, tag } = await buildAll();
  console.log(`The mover's image is ${archive} (${tag}).`);
  return 0;
});
