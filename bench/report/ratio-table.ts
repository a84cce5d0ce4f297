import { TOOLS, type ToolName } from '../options.ts';
import type { MoverRow } from './results.ts';

const PEERS = TOOLS.filter((tool) => tool !== 'godwit');

export interface Comparison {
  set: string;
  phase: string;
  latencyMs: number;
  ours: MoverRow;
  peers: Partial<Record<ToolName, MoverRow>>;
}

/** @returns for each phase that we were measured in: our row and those of the peers */
export function comparisons(rows: readonly MoverRow[]): Comparison[] {
  return rows
    .filter(({ tool, apart }) => tool === 'godwit' && !apart)
    .map((ours) => {
      const { set, phase, latencyMs } = ours;
      const same = rows.filter(
        (row) => row.set === set && row.phase === phase && row.latencyMs === latencyMs && !row.apart && row !== ours,
      );
      return { set, phase, latencyMs, ours, peers: Object.fromEntries(same.map((row) => [row.tool, row])) };
    });
}

/**
 * @param isApart on a core each, or on all cores together
 * @returns of each set how much longer we take to copy and restore at once than the slower of the two takes alone
 */
export function pipelineCosts(rows: readonly MoverRow[], isApart = false): { set: string; factor: number }[] {
  const ours = rows.filter(({ tool, latencyMs, apart = false }) => tool === 'godwit' && latencyMs === 0 && apart === isApart);
  return ours.flatMap(({ set, phase, seconds }) => {
    const alone = ours.filter((row) => row.set === set && (row.phase === 'up' || row.phase === 'down'));
    return phase === 'pipelined' ? [{ set, factor: seconds / Math.max(...alone.map((row) => row.seconds)) }] : [];
  });
}

/** @returns the name of a phase as people read it */
export function phaseName({ phase, latencyMs }: Pick<Comparison, 'phase' | 'latencyMs'>): string {
  return latencyMs > 0 ? `${phase}, ${latencyMs} ms` : phase;
}

/** @returns a table for a terminal: our seconds, and how many times as long each peer took */
export function ratioTable(rows: readonly MoverRow[]): string {
  const lines = comparisons(rows).map((comparison) => {
    const { ours, peers, set } = comparison;
    const ratios = PEERS.map((tool) => (peers[tool] ? `${(peers[tool].seconds / ours.seconds).toFixed(1)}x` : ''));
    return [set, phaseName(comparison), `${ours.seconds.toFixed(2)} s`, ...ratios];
  });
  return columns([['set', 'phase', 'godwit', ...PEERS], ...lines]);
}

function columns(lines: readonly string[][]): string {
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  const pad = (text: string, column: number) => (column < 2 ? text.padEnd(widths[column]!) : text.padStart(widths[column]!));
  return lines.map((line) => line.map(pad).join('  ').trimEnd()).join('\n');
}
