import type { ObjectOutcome } from '@godwit/contracts/run';
import type { RunObject, RunObjectStore } from '@godwit/db/run-object-store';

const BATCH = 200;

/** Notes what the rollback did with each object, in batches. */
export class RollbackOutcomes {
  readonly counts: Partial<Record<ObjectOutcome, number>> = {};
  /** What is left, and why. */
  readonly left: RunObject[] = [];
  /** What should be gone or as before, and is not. */
  readonly failed: RunObject[] = [];
  /** Claims that went, in this attempt or in one before. */
  readonly claims: RunObject[] = [];
  private unwritten: RunObject[] = [];

  constructor(
    private readonly store: Pick<RunObjectStore, 'record'>,
    private readonly rollbackId: string,
  ) {}

  async add(object: Omit<RunObject, 'outcome' | 'reason'>, outcome: ObjectOutcome, reason?: string): Promise<void> {
    const { apiVersion, kind, namespace, name, uid } = object;
    const row: RunObject = { apiVersion, kind, namespace, name, outcome, ...(reason ? { reason } : {}), ...(uid ? { uid } : {}) };
    this.counts[outcome] = (this.counts[outcome] ?? 0) + 1;
    if (outcome === 'Skipped') this.left.push(row);
    if (outcome === 'Failed') this.failed.push(row);
    if (outcome === 'Deleted' && kind === 'PersistentVolumeClaim') this.claims.push(row);
    this.unwritten.push(row);
    if (this.unwritten.length >= BATCH) await this.flush();
  }

  async flush(): Promise<void> {
    const batch = this.unwritten;
    this.unwritten = [];
    if (batch.length > 0) await this.store.record(this.rollbackId, batch);
  }
}
