import { runTool } from './cli/run-tool.ts';
import { ensureNativeCore } from './native-core/ensure-native-core.ts';

/** Builds the volume archive's native core when its sources have changed, and prints where it is. */
await runTool(async () => {
  console.log(await ensureNativeCore());
  return 0;
});
