import { MOVER_CONFIG_DIR, MOVER_CONFIG_FILE } from '@godwit/contracts/mover-protocol';
import { flushed } from './cli/output.ts';
import { runCommand } from './cli/run-command.ts';
import { Cancelled } from './exit-code.ts';
import { readConfig } from './read-config.ts';
import { failedBeforeStart, type MoverOutcome, runMover } from './run-mover.ts';
import { writeResult } from './write-result.ts';

/**
 * The program in the mover pod: it moves one volume, tells how it goes on stdout and how it ended by file and exit code. With arguments
 * it is a command line that opens an archive.
 */
const configPath = process.env.GODWIT_MOVER_CONFIG ?? `${MOVER_CONFIG_DIR}/${MOVER_CONFIG_FILE}`;
const resultPath = process.env.GODWIT_MOVER_RESULT ?? '/dev/termination-log';

const stopping = new AbortController();
for (const name of ['SIGTERM', 'SIGINT'] as const) process.on(name, () => stopping.abort(new Cancelled(name)));

const args = process.argv.slice(2);
if (args.length > 0) {
  const exitCode = await runCommand(args, configPath, stopping.signal);
  await flushed();
  process.exit(exitCode);
}

async function run(): Promise<MoverOutcome> {
  try {
    const print = (line: unknown) => process.stdout.write(`${JSON.stringify(line)}\n`);
    return await runMover(readConfig(configPath), stopping.signal, print);
  } catch (error) {
    return failedBeforeStart(error);
  }
}

const { exitCode, result } = await run();
if (result.error) process.stderr.write(`${result.error.reason}: ${result.error.message}\n`);
writeResult(resultPath, result);
process.exit(exitCode);
