import { runTool } from './cli/run-tool.ts';
import { runVisibly } from './cli/run-visibly.ts';
import { crate } from './native-core/crate.ts';
import { ensureRust } from './toolchains/rust.ts';

/** `npm run fix`: formats, and mends what the linter can mend by itself. */
await runTool(async () => {
  const { env } = await ensureRust('lint');
  const codes = [await runVisibly('biome', ['check', '--write', '.']), await runVisibly('cargo', ['fmt'], env, { cwd: crate })];
  return codes.find((code) => code !== 0) ?? 0;
});
