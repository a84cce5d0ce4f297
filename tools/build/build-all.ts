import { join } from 'node:path';
import { runVisibly } from '../cli/run-visibly.ts';
import { repository } from '../infra/home.ts';
import { ensureMoverImage, type MoverImage } from '../mover-image/ensure-mover-image.ts';
import { ensureNativeCore } from '../native-core/ensure-native-core.ts';
import { generateCode } from './generate-code.ts';

/** Builds everything that is not up to date; throws when a part cannot be built, after its messages were shown. @returns the mover's image. */
export async function buildAll(): Promise<MoverImage> {
  await ensureNativeCore();
  await generateCode();
  const nx = join(repository, 'node_modules/nx/dist/bin/nx.js');
  // The daemon would outlive us, and the terminal interface is for a person at a keyboard.
  const env = { NX_DAEMON: 'false', NX_TUI: 'false' };
  const code = await runVisibly(process.execPath, [nx, 'run-many', '-t', 'build', '--output-style=static'], env);
  if (code !== 0) throw new Error('The build failed: see above.');
  return ensureMoverImage();
}
