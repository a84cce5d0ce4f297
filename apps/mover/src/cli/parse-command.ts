import { parseArgs } from 'node:util';
import { UsageError } from './usage.ts';

/** Positional argument and options of each command, beside --config and --help. */
const COMMANDS = {
  ls: { argument: undefined, options: ['json'] },
  cat: { argument: 'PATH', options: [] },
  verify: { argument: undefined, options: ['json'] },
  extract: { argument: 'DIR', options: ['replace'] },
} as const satisfies Record<string, { argument: string | undefined; options: readonly ('json' | 'replace')[] }>;
export type CommandName = keyof typeof COMMANDS;

export interface Command {
  name: CommandName;
  /** PATH or DIR; empty for a command that takes none. */
  argument: string;
  config?: string;
  json: boolean;
  replace: boolean;
}

/** @returns undefined when help is asked for. @throws UsageError */
export function parseCommand(args: readonly string[]): Command | undefined {
  const { values, positionals } = parse(args);
  if (values.help) return undefined;
  const [name, ...rest] = positionals;
  if (name === undefined) throw new UsageError('a command is missing');
  if (!Object.hasOwn(COMMANDS, name)) throw new UsageError(`there is no command ${name}`);
  const command = COMMANDS[name as CommandName];
  for (const option of ['json', 'replace'] as const) {
    const isKnown = (command.options as readonly string[]).includes(option);
    if (values[option] && !isKnown) throw new UsageError(`${name} has no option --${option}`);
  }
  if (command.argument && rest.length === 0) throw new UsageError(`${name} needs ${command.argument}`);
  if (rest.length > (command.argument ? 1 : 0)) throw new UsageError(`${name} takes no further argument: ${rest.at(-1)}`);
  const { config, json = false, replace = false } = values;
  return { name: name as CommandName, argument: rest[0] ?? '', ...(config !== undefined && { config }), json, replace };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        config: { type: 'string' },
        json: { type: 'boolean' },
        replace: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
