import type { MoverProgress, MoverResult, MoverWarning } from '@godwit/contracts/mover-protocol';
import type { TransferProgress } from '@godwit/contracts/run';
import type { VolumeStore } from '@godwit/db/volume-store';
import type { ClaimedStep } from '@godwit/pipeline/step-ledger';
import type { RunNews } from '@godwit/queue/run-news';
import type { RunLog } from '@godwit/step-kit/run-log';
import type { MoverObserver } from './run-mover.ts';
import { TransferRate, toTransferProgress } from './transfer-rate.ts';

const SAVE_EVERY_MS = 1_000;

/** Writes what a mover tells into Postgres: the progress about once a second, warnings and failures into the run's log. */
export class TransferObserver implements MoverObserver {
  private readonly startedAt = new Date().toISOString();
  private readonly rate = new TransferRate();
  private latest?: TransferProgress;
  private timer?: NodeJS.Timeout;
  private saving: Promise<void> = Promise.resolve();

  constructor(
    private readonly step: ClaimedStep,
    private readonly side: 'copy' | 'restore',
    private readonly volumes: VolumeStore,
    private readonly log: RunLog,
    private readonly news: RunNews,
  ) {}

  onProgress(line: MoverProgress): void {
    this.rate.add(line.bytesDone, performance.now());
    this.latest = toTransferProgress(line, this.rate, this.startedAt);
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.save();
    }, SAVE_EVERY_MS);
  }

  onWarning({ path, message, reason }: MoverWarning): void {
    this.saving = this.saving.then(() => this.log.warn(this.step, `${path}: ${message}`, { reason, path })).catch(() => {});
  }

  async onFailure(details: { message: string; events: string[]; lastLines: string[] }): Promise<void> {
    await this.log.warn(this.step, details.message, details);
  }

  /** Writes the end; nothing that was told before comes after it. */
  async finish(result: MoverResult): Promise<TransferProgress> {
    clearTimeout(this.timer);
    await this.saving;
    const { bytes, files, storedBytes, digest, warnings } = result;
    const progress: TransferProgress = {
      bytesDone: bytes,
      bytesTotal: bytes,
      filesDone: files,
      filesTotal: files,
      storedBytes,
      startedAt: this.startedAt,
      finishedAt: new Date().toISOString(),
      digest,
      warnings,
    };
    await this.volumes.saveProgress(this.step.item, this.side, progress);
    await this.news.tell(this.step.runId);
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
      .then(() => this.volumes.saveProgress(this.step.item, this.side, progress))
      .then(() => this.news.tell(this.step.runId))
      .catch(() => {}); // the next one comes in a second
  }
}
