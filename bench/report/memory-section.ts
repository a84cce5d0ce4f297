import type { CaseName } from '../options.ts';
import { count, figure, markdownTable } from './markdown.ts';
import type { MemoryResults } from './results.ts';

const CASE_NAMES: Record<CaseName, (files: number) => string> = {
  tiny: (files) => `${count(files)} files of 100 bytes`,
  wide: (files) => `one directory of ${count(files)} entries`,
  sparse: () => 'a sparse file of 1 TiB',
};

/** @returns the part of docs/performance.md about memory */
export function memorySection({ measurements, rows }: MemoryResults): string {
  const lines = measurements.flatMap(({ set, files }) =>
    rows
      .filter((row) => row.set === set)
      .map(({ phase, limitMiB, seconds, cpuSeconds, peakMb, storedMb }) => [
        `${CASE_NAMES[set](files)}: ${phase}`,
        String(limitMiB),
        ...[peakMb, seconds, cpuSeconds, storedMb].map(figure),
      ]),
  );
  const about = [
    ...new Set(
      measurements.map(({ measuredAt, machine, mover }) => `Measured ${measuredAt.slice(0, 10)} on ${machine}, ${mover}.`),
    ),
  ];
  return `${about.join('\n')}\n\n${markdownTable(['', 'limit MiB', 'peak MB', 's', 'CPU s', 'stored MB'], lines)}`;
}
