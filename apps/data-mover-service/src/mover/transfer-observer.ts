import type { MoverProgress, MoverResult, MoverWarning } from '@godwit/contracts/mover-protocol';
import type { TransferProgress } from '@godwit/contracts/run';
import type { VolumeStore } from '@godwit/db/volume-store';
import type { ClaimedStep } from '@godwit/pipeline/step-ledger';
import type { RunNews } from '@godwit/queue/run-news';
import type { RunLog } from '@godwit/step-kit/run-log';
import type { MoverObserver } from './run-mover.ts';
import type { StreamRelay } from './stream-relay.ts';
import { TransferRate, toTransferProgress } from './transfer-rate.ts';

const SAVE_EVERY_MS = 1_000;
/** By how much a size must differ from what was thought of it to be worth sharing the streams out anew. */
const NEW_SIZE = 0.25;

export interface TransferListeners {
  volumes: VolumeStore;
  log: RunLog;
  news: RunNews;
  relay: StreamRelay;
  /** Called when the size is far from what was known, once it is stored. */
  onNewSize(): Promise<void>;
}

/** Writes what a mover tells into Postgres: the progress about once a second, warnings and failures into the run's log. */
export class TransferObserver implements MoverObserver {
  private readonly startedAt = new Date().toISOString();
  private readonly rate = new TransferRate();
  private latest?: TransferProgress;
  private timer?: NodeJS.Timeout;
  private saving: Promise<void> = Promise.resolve();

  /** @param knownBytes size of the volume as far as it is known before the mover has looked */
  constructor(
    private readonly step: ClaimedStep,
    private readonly side: 'copy' | 'restore',
    private readonly to: TransferListeners,
    private knownBytes: number,
  ) {}

  onProgress(line: MoverProgress): void {
    this.to.relay.onProgress(line);
    this.rate.add(line.bytesDone, performance.now());
    this.latest = toTransferProgress(line, this.rate, this.startedAt);
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.save();
    }, SAVE_EVERY_MS);
  }

  onWarning({ path, message, reason }: MoverWarning): void {
    this.saving = this.saving.then(() => this.to.log.warn(this.step, `${path}: ${message}`, { reason, path })).catch(() => {});
  }

  async onFailure(details: { message: string; events: string[]; lastLines: string[] }): Promise<void> {
    await this.to.log.warn(this.step, details.message, details);
  }

  /**
   * Writes the end; nothing that was told before comes after it.
   *
   * @throws RetryableError `StepLost` if another worker has the step since
   */
  async finish(result: MoverResult): Promise<TransferProgress> {
    clearTimeout(this.timer);
    await this.saving;
    const { bytes, files, storedBytes, digest, base, warnings } = result;
    const progress: TransferProgress = {
      bytesDone: bytes,
      bytesTotal: bytes,
      filesDone: files,
      filesTotal: files,
      storedBytes,
      startedAt: this.startedAt,
      finishedAt: new Date().toISOString(),
      digest,
      ...(base ? { base } : {}),
      warnings,
    };
    await this.to.volumes.saveProgress(this.step, this.side, progress);
    await this.to.news.tell(this.step.runId);
    return progress;
  }

  /** To be called however it ended: nothing is written after it. */
  async stop(): Promise<void> {
    clearTimeout(this.timer);
    await this.saving;
  }

  private save(): void {
    const progress = this.latest;
    if (!progress) return;
    this.saving = this.saving
      .then(() => this.to.volumes.saveProgress(this.step, this.side, progress))
      .then(() => this.to.news.tell(this.step.runId))
      .then(() => this.noteSize(progress.bytesTotal))
      .catch(() => {}); // the next one comes in a second
  }

  private async noteSize(bytes: number | undefined): Promise<void> {
    if (bytes === undefined || Math.abs(bytes - this.knownBytes) <= this.knownBytes * NEW_SIZE) return;
    this.knownBytes = bytes;
    await this.to.onNewSize();
  }
}
