/** What one part of the checks came to. */
export interface Outcome {
  part: string;
  passed: number;
  failed: number;
  seconds: number;
}

/** The part of Jest's `--json` report that counts. */
export interface JestReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  /** Files that could not be run at all, whose tests nobody could count. */
  numRuntimeErrorTestSuites: number;
}

/**
 * @returns the numbers of a Jest run. A test that was skipped or is still to be written did not pass, so it failed;
 * and a run that ended badly without any failed test (no tests found, a crash) counts as one.
 */
export function countJest(report: JestReport | undefined, exitCode: number): { passed: number; failed: number } {
  const passed = report?.numPassedTests ?? 0;
  const failed = report
    ? report.numFailedTests + report.numPendingTests + report.numTodoTests + report.numRuntimeErrorTestSuites
    : 0;
  return { passed, failed: failed === 0 && (exitCode !== 0 || passed === 0) ? 1 : failed };
}

/** The part of Playwright's JSON report that counts. */
export interface PlaywrightReport {
  stats: { expected: number; unexpected: number; flaky: number; skipped: number };
  /** Of files that could not be run at all. */
  errors: readonly unknown[];
}

/** @returns the numbers of a run of Playwright. What passed only when it was tried again failed; else the same holds as for Jest. */
export function countPlaywright(report: PlaywrightReport | undefined, exitCode: number): { passed: number; failed: number } {
  const passed = report?.stats.expected ?? 0;
  const failed = report ? report.stats.unexpected + report.stats.flaky + report.stats.skipped + report.errors.length : 0;
  return { passed, failed: failed === 0 && (exitCode !== 0 || passed === 0) ? 1 : failed };
}

/** @returns the numbers of `cargo test`, which tells them for each of its programs. The same holds as for Jest. */
export function countCargo(output: string, exitCode: number): { passed: number; failed: number } {
  const results = [...output.matchAll(/^test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored;/gm)];
  const sum = (group: number) => results.reduce((total, result) => total + Number(result[group]), 0);
  const [passed, failed] = [sum(1), sum(2) + sum(3)];
  return { passed, failed: failed === 0 && (exitCode !== 0 || passed === 0) ? 1 : failed };
}

/** @returns a table of the parts and, as its last line, `N passed, N failed`. */
export function summarise(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map(({ part, passed, failed, seconds }) => [
    part,
    String(passed),
    String(failed),
    `${seconds.toFixed(1)} s`,
  ]);
  const table = [['part', 'passed', 'failed', 'time'], ...rows];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  const lines = table.map((row) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('  '),
  );
  const total = (key: 'passed' | 'failed') => outcomes.reduce((sum, outcome) => sum + outcome[key], 0);
  return [...lines, '', `${total('passed')} passed, ${total('failed')} failed`].join('\n');
}
