import type { RunEventView, RunView, VolumeView } from '../../libs/contracts/src/api.ts';
import { formatDuration } from '../../libs/pipeline/src/format-duration.ts';
import type { Screen } from './screen.ts';

/** Without a terminal, the progress is told this often at most. */
const TELL_EVERY_MS = 2_000;
const BAR_WIDTH = 24;

/** Shows a run as it goes on: its log, and below it one bar for the run and one for each volume. */
export class RunProgress {
  private readonly screen: Screen;
  private toldAt = 0;
  private told = '';

  constructor(screen: Screen) {
    this.screen = screen;
  }

  onLine({ at, level, step, message }: RunEventView): void {
    const mark = { info: ' ', warning: '!', error: '✗' }[level];
    this.screen.say(`  ${mark} ${at.slice(11, 19)} ${(step ?? 'run').padEnd(18)}${message}`);
  }

  onRun(run: RunView): void {
    if (this.screen.live) this.screen.draw(['', ...runLines(run)]);
    else if (Date.now() - this.toldAt > TELL_EVERY_MS) this.tell(runLines(run));
  }

  end(): void {
    this.screen.draw([]);
  }

  private tell(lines: readonly string[]): void {
    const text = lines.join('\n');
    if (text !== this.told) this.screen.say(text);
    this.told = text;
    this.toldAt = Date.now();
  }
}

/** @returns the run and its volumes, a line each. */
export function runLines(run: RunView): string[] {
  const running = [...new Set(run.steps.filter(({ state }) => state === 'Running').map(({ name }) => name))];
  return [
    `  ${bar(run.progress)} ${run.phase}${running.length > 0 ? `: ${running.join(', ')}` : ''}`,
    ...run.volumes.map(volumeLine),
  ];
}

function volumeLine(volume: VolumeView): string {
  const name = `${volume.namespace}/${volume.name}`;
  if (volume.skipReason) return `    ${name}: left out (${volume.skipReason})`;
  const { copy, restore } = volume;
  const total = restore?.bytesTotal ?? copy?.bytesTotal;
  // Half of the way is to the object store, the other half from there.
  const done = (copy?.bytesDone ?? 0) + (restore?.bytesDone ?? 0);
  const share = restore?.finishedAt ? 1 : total ? Math.min(1, done / (2 * total)) : 0;
  const size = total === undefined ? '' : ` of ${formatBytes(total)}`;
  return `    ${bar(share)} ${name}: copied ${formatBytes(copy?.bytesDone ?? 0)}, restored ${formatBytes(restore?.bytesDone ?? 0)}${size}${pace(volume)}`;
}

/** @returns `, 31.2 MB/s, 4 s left` of what is under way, or nothing. */
function pace({ copy, restore }: VolumeView): string {
  const slowest = restore && !restore.finishedAt ? restore : copy;
  if (!slowest?.rate || slowest.finishedAt) return '';
  const left = slowest.bytesTotal === undefined ? undefined : Math.max(0, slowest.bytesTotal - slowest.bytesDone) / slowest.rate;
  return `, ${formatBytes(slowest.rate)}/s${left === undefined ? '' : `, ${formatDuration(left * 1000)} left`}`;
}

function bar(share: number): string {
  const full = Math.round(share * BAR_WIDTH);
  return `${'█'.repeat(full)}${'░'.repeat(BAR_WIDTH - full)} ${String(Math.floor(share * 100)).padStart(3)} %`;
}

/** @returns `512 B`, `1.5 kB`, `103.2 MB`: units of 1000, as networks and disks are sold */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${Math.round(bytes)} B`;
  const exponent = Math.min(4, Math.floor(Math.log10(bytes) / 3));
  return `${(bytes / 1000 ** exponent).toFixed(1)} ${['B', 'kB', 'MB', 'GB', 'TB'][exponent]}`;
}
