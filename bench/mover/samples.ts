import type { SetName, ToolName } from '../options.ts';
import { inTurn, medians } from '../report/medians.ts';
import { type Figures, type MoverRow, PHASES, type Phase } from '../report/results.ts';

/** What was measured of one set. */
export class Samples {
  readonly #set: SetName;
  readonly #samples: { phase: Phase; tool: ToolName; latencyMs: number; apart: boolean; figures: Figures }[] = [];

  constructor(set: SetName) {
    this.#set = set;
  }

  add(phase: Phase, tool: ToolName, figures: Figures, { latencyMs = 0, apart = false } = {}): void {
    this.#samples.push({ phase, tool, latencyMs, apart, figures });
    const how = (latencyMs > 0 ? ` with ${latencyMs} ms` : '') + (apart ? ' on a core each' : '');
    console.log(`${this.#set} ${phase}${how}, ${tool}: ${figures.seconds.toFixed(2)} s`);
  }

  /** @returns a row for each phase and tool; tools that cannot copy and restore at once have the sum in its place */
  rows(): MoverRow[] {
    const groups = Map.groupBy(this.#samples, ({ phase, tool, latencyMs, apart }) => `${phase} ${latencyMs} ${apart} ${tool}`);
    const rows = [...groups.values()].map((samples): MoverRow => {
      const { phase, tool, latencyMs, apart } = samples[0]!;
      const taken = medians(samples.map(({ figures }) => figures));
      return { set: this.#set, phase, tool, latencyMs, ...(apart ? { apart } : {}), runs: samples.length, ...taken };
    });
    const order = ({ phase, latencyMs }: MoverRow) => PHASES.indexOf(phase) * 1e6 + latencyMs;
    return [...rows, ...summed(rows)].sort((a, b) => order(a) - order(b));
  }
}

function summed(rows: readonly MoverRow[]): MoverRow[] {
  const find = (phase: Phase, tool: ToolName) =>
    rows.find((row) => row.phase === phase && row.tool === tool && row.latencyMs === 0 && !row.apart);
  return rows.flatMap((up) => {
    const down = find('down', up.tool);
    if (up.phase !== 'up' || up.apart || !down || find('pipelined', up.tool)) return [];
    return [{ ...up, phase: 'pipelined' as const, ...inTurn(up, down), summed: true as const }];
  });
}
