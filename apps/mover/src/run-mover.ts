import { type MoverConfig, type MoverLine, MoverResult } from '@godwit/contracts/mover-protocol';
import { createObjectStore } from '@godwit/object-store/create-object-store';
import type { ArchiveIdentity } from '@godwit/volume-archive/archive-identity';
import { copyVolume } from '@godwit/volume-archive/copy-volume';
import { restoreVolume } from '@godwit/volume-archive/restore-volume';
import { StreamTarget } from '@godwit/volume-archive/stream-target';
import type { VolumeTotals } from '@godwit/volume-archive/volume-task';
import { exitOf } from './exit-code.ts';
import { StreamOrderFollower } from './follow-stream-order.ts';
import { Reporter } from './reporter.ts';

export interface MoverOutcome {
  exitCode: number;
  result: MoverResult;
}

/** Copies or restores the one volume of this configuration; every failure becomes a result. */
export async function runMover(
  config: MoverConfig,
  signal: AbortSignal,
  print: (line: MoverLine) => void,
): Promise<MoverOutcome> {
  const streams = new StreamTarget(config.streams ?? 1);
  const orders = new StreamOrderFollower(config, streams);
  const reporter = new Reporter(print, () => orders.use);
  try {
    const totals = await move(config, signal, reporter, streams, orders);
    reporter.onProgress({ ...reporter.progress, ...finalProgress(totals, reporter.progress.bytesDone) });
    return { exitCode: 0, result: { type: 'result', ok: true, ...totals } };
  } catch (error) {
    return failed(error, reporter);
  } finally {
    reporter.end();
  }
}

/** @returns the outcome of a mover that could not even begin */
export function failedBeforeStart(error: unknown): MoverOutcome {
  return failed(error, { progress: { bytesDone: 0, filesDone: 0, storedBytes: 0 }, warnings: 0 });
}

async function move(
  config: MoverConfig,
  signal: AbortSignal,
  { onProgress, onWarning }: Reporter,
  streams: StreamTarget,
  orders: StreamOrderFollower,
): Promise<VolumeTotals> {
  const { action, volume, archive, maxBytesPerSecond } = config;
  const store = createObjectStore(config.store);
  const task = {
    root: volume.path,
    volumeId: volume.id,
    mode: volume.mode,
    store,
    prefix: archive.prefix,
    key: Buffer.from(archive.key, 'base64'),
    streams,
    maxBytesPerSecond,
    signal,
    onProgress,
    onWarning,
  };
  const moved = new AbortController();
  orders.follow((key, options) => store.get(key, options), AbortSignal.any([signal, moved.signal]));
  try {
    if (action === 'copy') return await copyVolume({ ...task, index: config.index, base: baseOf(config) });
    return await restoreVolume({ ...task, holds: config.holds, stallTimeoutMs: config.stallTimeoutSeconds * 1000 });
  } finally {
    moved.abort();
    store.close();
  }
}

function baseOf({ base }: MoverConfig): ArchiveIdentity | undefined {
  return base && { ...base, key: Buffer.from(base.key, 'base64') };
}

/** What was done is then what there was to do, also where holes or changes made the estimate differ. */
function finalProgress({ bytes, files, storedBytes }: VolumeTotals, shown: number) {
  const bytesDone = Math.max(bytes, shown);
  return { bytesDone, bytesTotal: bytesDone, filesDone: files, filesTotal: files, storedBytes };
}

function failed(error: unknown, { progress, warnings }: Pick<Reporter, 'progress' | 'warnings'>): MoverOutcome {
  const { code, reason } = exitOf(error);
  const message = reason === 'Cancelled' ? 'The mover was asked to stop' : error instanceof Error ? error.message : String(error);
  const { bytesDone: bytes, filesDone: files, storedBytes } = progress;
  return {
    exitCode: code,
    result: { type: 'result', ok: false, bytes, files, packs: 0, storedBytes, warnings, error: { reason, message } },
  };
}
