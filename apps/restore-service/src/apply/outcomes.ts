import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Finding } from '@godwit/contracts/findings';
import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { type NewRunObject, type ObjectKey, type RunObjectStore, runObjectKey } from '@godwit/db/run-object-store';

const BATCH = 500;

export type OutcomeStore = Pick<RunObjectStore, 'record' | 'previous'>;

/** What became of an object, with what the transforms had to tell of it. */
export interface Outcome extends NewRunObject {
  findings?: readonly Finding[];
}

/**
 * Writes down what became of the objects, in batches and beside the work: many objects cost few statements, and none is kept.
 * Findings of an object are told with the first thing that is written of it, so an attempt after another does not tell them again.
 */
export class Outcomes {
  private unwritten: Outcome[] = [];
  private writing: Promise<void> = Promise.resolve();
  private soon: Promise<void> | undefined;

  /** @param resumed an earlier attempt has written something */
  constructor(
    private readonly store: OutcomeStore,
    private readonly runId: string,
    private readonly tell: (findings: readonly Finding[]) => Promise<void>,
    readonly resumed: boolean,
  ) {}

  async add(outcome: Outcome): Promise<void> {
    this.unwritten.push(outcome);
    if (this.unwritten.length >= BATCH) await this.begin();
  }

  /** As {@link add}, but it is written when this returns. */
  async addNow(outcome: Outcome): Promise<void> {
    this.unwritten.push(outcome);
    // With all that others add in the same moment.
    this.soon ??= nextTurn().then(() => {
      this.soon = undefined;
      return this.flush();
    });
    await this.soon;
  }

  /** @returns what an earlier attempt found before it changed the object */
  async previous(key: ObjectKey): Promise<KubernetesObject | undefined> {
    return this.resumed ? this.store.previous(this.runId, key) : undefined;
  }

  /** All that was added is written when this returns. */
  async flush(): Promise<void> {
    await this.begin();
    await this.writing;
  }

  /** Returns when the batch before is written: so never more than a few wait for a slow database. */
  private async begin(): Promise<void> {
    const before = this.writing;
    const batch = this.unwritten;
    this.unwritten = [];
    this.writing = before.then(() => this.write(batch));
    // Its failure is met by whoever comes next.
    this.writing.catch(() => {});
    await before;
  }

  private async write(batch: readonly Outcome[]): Promise<void> {
    const rows = batch.map(({ findings: _, ...row }) => row);
    const added = await this.store.record(this.runId, rows);
    const findings = batch.filter((outcome) => added.delete(runObjectKey(outcome))).flatMap((outcome) => outcome.findings ?? []);
    if (findings.length > 0) await this.tell(findings);
  }
}
