import { runTool } from './cli/run-tool.ts';
import { ensureMoverImage } from './mover-image/ensure-mover-image.ts';

/** Builds the mover's image when anything in it has changed, and prints where its archive is. */
await runTool(async () => {
  const { archive, tag, built } = await ensureMoverImage();
  console.log(`${archive} (${tag}) ${built ? 'was built' : 'is up to date'}`);
  return 0;
});
