import { parseArgs } from 'node:util';

export const SETS = ['big', 'small', 'mixed', 'db', 'db2'] as const;
export type SetName = (typeof SETS)[number];
export const CASES = ['tiny', 'wide', 'sparse'] as const;
export type CaseName = (typeof CASES)[number];
export const TOOLS = ['godwit', 'restic', 'rclone', 'tar'] as const;
export type ToolName = (typeof TOOLS)[number];

export const APPLY_TOOLS = ['godwit', 'kubectl', 'kubectl-ssa'] as const;
export type ApplyToolName = (typeof APPLY_TOOLS)[number];
const COMMANDS = ['mover', 'memory', 'resources', 'report'] as const;

export interface Options {
  command: (typeof COMMANDS)[number];
  /** Sets of `mover` or cases of `memory`; none: all. */
  names: string[];
  /** 1 is the full size of the data. */
  scale: number;
  runs: number;
  /** Added to each request where restores are measured with latency; 0: not measured. */
  latencyMs: number;
  tools: ToolName[];
  /** Those of `resources`. */
  applyTools: ApplyToolName[];
  /** How many objects are applied. */
  objects: number;
  limitMiB: number;
  /** Bundle of the mover to measure; none: that of this checkout. */
  mover: string | undefined;
  /** File of the results; none: the one that docs/performance.md is made of. */
  out: string | undefined;
}

export const USAGE = `npm run bench -- mover [SET...]    copies and restores, beside restic, rclone and tar (sets: ${SETS.join(', ')})
npm run bench -- memory [CASE...]  the mover in a cgroup with little memory, as root (cases: ${CASES.join(', ')})
npm run bench -- resources         mixed objects applied to the test bed, beside kubectl (${APPLY_TOOLS.join(', ')})
npm run bench -- report            writes docs/performance.md from the results again

  --scale N      part of the full size of the data (mover: 0.5; memory: 1)
  --runs N       repetitions, of which the median counts (3)
  --latency MS   added to each request where restores are measured with latency (5; 0: not measured)
  --tools A,B    only these of ${TOOLS.join(', ')}
  --objects N    how many objects (10000)
  --limit MIB    memory of the cgroup (256)
  --mover FILE   a bundle of another version, in place of this checkout's mover
  --out FILE     results go there, and docs/performance.md stays as it is`;

/** @throws Error for people when the arguments make no sense */
export function readOptions(args: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      scale: { type: 'string' },
      runs: { type: 'string', default: '3' },
      latency: { type: 'string', default: '5' },
      tools: { type: 'string' },
      objects: { type: 'string', default: '10000' },
      limit: { type: 'string', default: '256' },
      mover: { type: 'string' },
      out: { type: 'string' },
    },
  });
  const [command, ...names] = positionals;
  if (!isCommand(command)) throw new Error(USAGE);
  const known: readonly string[] = { mover: SETS, memory: CASES, resources: [], report: [] }[command];
  const tools = <T extends string>(all: readonly T[]) => values.tools?.split(',').map((name) => oneOf(name, all)) ?? [...all];
  return {
    command,
    names: names.map((name) => oneOf(name, known)),
    scale: numberOf('--scale', values.scale ?? (command === 'mover' ? '0.5' : '1'), 0.001),
    runs: numberOf('--runs', values.runs, 1),
    latencyMs: numberOf('--latency', values.latency, 0),
    tools: command === 'resources' ? [] : tools(TOOLS),
    applyTools: command === 'resources' ? tools(APPLY_TOOLS) : [],
    objects: numberOf('--objects', values.objects, 10),
    limitMiB: numberOf('--limit', values.limit, 1),
    mover: values.mover,
    out: values.out,
  };
}

function isCommand(text: string | undefined): text is Options['command'] {
  return COMMANDS.some((command) => command === text);
}

function numberOf(option: string, text: string, least: number): number {
  const value = Number(text);
  if (Number.isFinite(value) && value >= least) return value;
  throw new Error(`${option} ${text} is not a number of at least ${least}.`);
}

function oneOf<T extends string>(name: string, known: readonly T[]): T {
  const found = known.find((one) => one === name);
  if (found) return found;
  throw new Error(`There is no ${name}; there are ${known.join(', ')}.`);
}
