import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CopyTask, copyVolume } from '../copy-volume.ts';
import type { PackStore } from '../pack-store.ts';
import { type RestoreTask, restoreVolume } from '../restore-volume.ts';
import type { VolumeTask, VolumeWarning } from '../volume-task.ts';
import { HttpStore } from './http-store.ts';

/** A source, a destination and a store between them, in a temporary directory of their own. */
export class TestVolume implements AsyncDisposable {
  readonly home = mkdtempSync(join(tmpdir(), 'godwit-volume-'));
  readonly source = join(this.home, 'source');
  readonly destination = join(this.home, 'destination');
  readonly store: HttpStore;
  readonly key = Buffer.alloc(32, 'key of a run ');
  readonly warnings: VolumeWarning[] = [];

  constructor() {
    for (const name of ['source', 'destination', 'store']) mkdirSync(join(this.home, name));
    this.store = new HttpStore(join(this.home, 'store'));
  }

  task(change: Partial<VolumeTask> = {}): VolumeTask {
    return {
      root: this.source,
      volumeId: 'shop/data',
      mode: 'Filesystem',
      store: this.store as PackStore,
      prefix: 'runs/1/volumes/a',
      key: this.key,
      onWarning: (warning) => this.warnings.push(warning),
      ...change,
    };
  }

  copy(change: Partial<CopyTask> = {}) {
    return copyVolume(this.task(change));
  }

  restore(change: Partial<RestoreTask> = {}) {
    return restoreVolume({ stallTimeoutMs: 10_000, ...this.task({ root: this.destination }), ...change });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.store[Symbol.asyncDispose]();
    rmSync(this.home, { recursive: true, force: true });
  }
}
