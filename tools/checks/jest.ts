import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runVisibly } from '../cli/run-visibly.ts';
import { repository } from '../infra/home.ts';
import { type Count, countJest, type JestReport } from './outcome.ts';

export interface JestRun {
  /** The project in jest.config.mjs. */
  project: 'unit' | 'integration' | 'conformance' | 'e2e';
  args: readonly string[];
  env?: NodeJS.ProcessEnv;
}

/** Runs one project of the tests, shows what Jest says, and counts. */
export async function runJest({ project, args, env }: JestRun): Promise<Count> {
  const directory = mkdtempSync(join(tmpdir(), 'godwit-jest-'));
  const reportFile = join(directory, 'report.json');
  const node = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  const jest = [
    join(repository, 'node_modules/jest/bin/jest.js'),
    '--selectProjects',
    project,
    '--json',
    '--outputFile',
    reportFile,
    // A handle that a test left open must not hold CI until its own time is up.
    '--forceExit',
  ];
  try {
    const code = await runVisibly(process.execPath, [...node, ...jest, ...args], env, { stdout: 'ignore' });
    return countJest(readReport(reportFile), code);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** @returns undefined when Jest did not come as far as writing one. */
function readReport(file: string): JestReport | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
