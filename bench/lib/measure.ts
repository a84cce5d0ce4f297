import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { program } from './programs.ts';

export interface Command {
  args: string[];
  cwd?: string;
  env?: Record<string, string>;
  /** File that gets stderr, and the stdout of the last of a pipeline. */
  log: string;
}

/** Commands whose output goes to the input of the next. */
export type Pipeline = Command[];

export interface Taken {
  seconds: number;
  /** User and system, with children. */
  cpuSeconds: number;
  /** Peak of the resident set, summed over the commands. */
  peakBytes: number;
}

const TOLD = 2_000;

/** Runs pipelines at the same time; they end with us. @throws Error with what a command said when it failed */
export async function measure(pipelines: readonly Pipeline[]): Promise<Taken> {
  const child = spawn('setpriv', ['--pdeathsig', 'TERM', '--', program('measure')], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify({ pipelines }));
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`The measuring program failed (${code}).`);
  const { exitCodes, ...taken } = JSON.parse(output) as Taken & { exitCodes: number[][] };
  const failed = pipelines.flatMap((pipeline, i) =>
    pipeline.flatMap((command, j) => (exitCodes[i]![j] === 0 ? [] : [describeFailure(command, exitCodes[i]![j]!)])),
  );
  const took = `After ${taken.seconds.toFixed(1)} s and with ${Math.round(taken.peakBytes / 1e6)} MB at the peak: `;
  if (failed.length > 0) throw new Error(took + failed.join('\n'));
  return taken;
}

function describeFailure({ args, log }: Command, exitCode: number): string {
  const said = readFileSync(log, 'utf8').trim().slice(-TOLD);
  return `\`${args.join(' ')}\` failed (${exitCode}). It said:\n${said || '(nothing)'}`;
}
