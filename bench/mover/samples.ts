import type { SetName, ToolName } from '../options.ts';
import { inTurn, medians } from '../report/medians.ts';
import { type Figures, type MoverRow, PHASES, type Phase } from '../report/results.ts';

/** What was measured of one set. */
export class Samples {
  readonly #set: SetName;
  readonly #samples: { phase: Phase; tool: ToolName; latencyMs: number; figures: Figures }[] = [];

  constructor(set: SetName) {
    this.#set = set;
  }

  add(phase: Phase, tool: ToolName, figures: Figures, latencyMs = 0): void {
    this.#samples.push({ phase, tool, latencyMs, figures });
    const latency = latencyMs > 0 ? ` with ${latencyMs} ms` : '';
    console.log(`${this.#set} ${phase}${latency}, ${tool}: ${figures.seconds.toFixed(2)} s`);
  }

  /** @returns a row for each phase and tool; tools that cannot copy and restore at once have the sum in its place */
  rows(): MoverRow[] {
    const groups = Map.groupBy(this.#samples, ({ phase, tool, latencyMs }) => `${phase} ${latencyMs} ${tool}`);
    const rows = [...groups.values()].map((samples): MoverRow => {
      const { phase, tool, latencyMs } = samples[0]!;
      return { set: this.#set, phase, tool, latencyMs, runs: samples.length, ...medians(samples.map(({ figures }) => figures)) };
    });
    const order = ({ phase, latencyMs }: MoverRow) => PHASES.indexOf(phase) * 1e6 + latencyMs;
    return [...rows, ...summed(rows)].sort((a, b) => order(a) - order(b));
  }
}

function summed(rows: readonly MoverRow[]): MoverRow[] {
  const find = (phase: Phase, tool: ToolName) =>
    rows.find((row) => row.phase === phase && row.tool === tool && row.latencyMs === 0);
  return rows.flatMap((up) => {
    const down = find('down', up.tool);
    if (up.phase !== 'up' || !down || find('pipelined', up.tool)) return [];
    return [{ ...up, phase: 'pipelined' as const, ...inTurn(up, down), summed: true as const }];
  });
}
