import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runVisibly } from '../cli/run-visibly.ts';
import { repository } from '../infra/home.ts';
import { type Count, countJest, countSecondRun, type JestReport, worthASecondRun } from './outcome.ts';

export interface JestRun {
  /** The project in jest.config.mjs. */
  project: 'unit' | 'integration' | 'conformance' | 'e2e';
  args: readonly string[];
  env?: NodeJS.ProcessEnv;
  /** Files that fail are run once more, by themselves: docs/decisions/2026-11-28-unstable-tests.md. */
  isRunAgain?: boolean;
}

/** Runs one project of the tests, shows what Jest says, and counts. */
export async function runJest({ isRunAgain = false, ...run }: JestRun): Promise<Count> {
  const { report, code } = await runOnce(run);
  const files = isRunAgain ? worthASecondRun(report) : [];
  if (!report || files.length === 0) return countJest(report, code);
  console.log(`\nFailed, and run again by themselves:\n${files.join('\n')}\n`);
  const again = await runOnce({ ...run, args: ['--runInBand', '--verbose', '--runTestsByPath', ...files] });
  return countSecondRun(report, again.report, again.code);
}

async function runOnce({ project, args, env }: JestRun): Promise<{ report?: JestReport; code: number }> {
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
    return { report: readReport(reportFile), code };
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
