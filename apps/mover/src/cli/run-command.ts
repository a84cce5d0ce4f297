import { GodwitError } from '@godwit/contracts/errors';
import { exitOf } from '../exit-code.ts';
import { readConfig } from '../read-config.ts';
import { cat } from './cat.ts';
import { extract } from './extract.ts';
import { ls } from './ls.ts';
import { endQuietlyWithoutReader, note, print } from './output.ts';
import { type CommandName, parseCommand } from './parse-command.ts';
import { type Session, withArchive } from './session.ts';
import { USAGE, UsageError } from './usage.ts';
import { verify } from './verify.ts';

const RUN: Record<CommandName, (session: Session) => Promise<void>> = { ls, cat, verify, extract };
const WRONG_USAGE = 2;

/**
 * Runs `godwit-mover ARGS`.
 * @param configPath where the configuration is when no argument says so
 * @returns the exit code
 */
export async function runCommand(args: readonly string[], configPath: string, signal: AbortSignal): Promise<number> {
  endQuietlyWithoutReader();
  try {
    const command = parseCommand(args);
    if (!command) {
      await print(USAGE);
      return 0;
    }
    await withArchive(command, readConfig(command.config ?? configPath), signal, RUN[command.name]);
    return 0;
  } catch (error) {
    return explain(error);
  }
}

function explain(error: unknown): number {
  if (error instanceof UsageError) {
    process.stderr.write(`godwit-mover: ${error.message}\n\n${USAGE}`);
    return WRONG_USAGE;
  }
  const { code, reason } = exitOf(error);
  if (reason === 'Cancelled') note('interrupted');
  else note(error instanceof Error ? error.message : String(error));
  if (error instanceof GodwitError && error.cure) note(error.cure);
  return code;
}
