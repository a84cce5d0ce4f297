import { runVisibly } from '../cli/run-visibly.ts';
import { crate } from '../native-core/crate.ts';
import { inWorkshop } from '../native-core/workshop.ts';
import { ensureRust } from '../toolchains/rust.ts';
import { type Count, countCargo } from './outcome.ts';

/** As it is built, so that what is compiled for one is there for the others. */
const AS_BUILT = ['--release', '--locked', '--quiet'];

/** The formatter and the linter on the native core; two checks, both whatever the first says. */
export async function lintCrate(): Promise<Count> {
  const rust = await ensureRust('lint');
  console.log('checking the native core (the first time, with all that it depends on, about two minutes)');
  const codes = [
    await runVisibly('cargo', ['fmt', '--check'], rust.env, { cwd: crate }),
    await inWorkshop(rust, ({ cargo }) => cargo(['clippy', '--all-targets', ...AS_BUILT, '--', '--deny', 'warnings'])),
  ];
  const passed = codes.filter((code) => code === 0).length;
  return { passed, failed: codes.length - passed };
}

/** The native core's own tests. */
export async function testCrate(): Promise<Count> {
  const rust = await ensureRust('build');
  let output = '';
  const onStdout = (text: string) => {
    output += text;
    process.stdout.write(text);
  };
  const code = await inWorkshop(rust, ({ cargo }) => cargo(['test', ...AS_BUILT], onStdout));
  return countCargo(output, code);
}
