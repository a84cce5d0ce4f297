import type { ApplyToolName } from '../options.ts';
import { count, figure, markdownTable } from './markdown.ts';
import type { ResourceResults } from './results.ts';

const TOOL_NAMES: Record<ApplyToolName, string> = {
  godwit: '**Godwit**',
  kubectl: 'kubectl apply',
  'kubectl-ssa': 'kubectl apply --server-side',
};

/** @returns the part of docs/performance.md about applying objects */
export function resourcesSection({ measurements, rows }: ResourceResults): string {
  const lines = rows.map(({ tool, objects, seconds, cpuSeconds, peakMb }) => [
    TOOL_NAMES[tool],
    count(objects),
    figure(seconds),
    count(objects / seconds),
    figure(cpuSeconds),
    figure(peakMb),
  ]);
  const about = measurements.map(({ measuredAt, machine, tools }) => {
    const told = Object.entries(tools).map(([tool, what]) => `- ${TOOL_NAMES[tool as ApplyToolName]}: ${what}`);
    return `Measured ${measuredAt.slice(0, 10)} on ${machine}.\n\n${told.join('\n')}`;
  });
  return `${about.join('\n')}\n\n${markdownTable(['', 'objects', 's', 'objects/s', 'CPU s', 'peak MB'], lines)}`;
}
