import { AdvanceStore } from '@godwit/db/advance-store';
import { Doorbell } from '@godwit/queue/doorbell';
import { RepeatedWork } from '@godwit/service-kit/repeated-work';
import { Injectable } from '@nestjs/common';
import { RunAdmission } from '../run-queue/run-admission.ts';

const EVERY_MS = 2_000;
/** How long a bell may take to be heard. */
const HEARD_WITHIN_MS = 3_000;

/**
 * Rings for the runs that should have gone on and did not: a bell that Redis lost, a worker that died. Every replica does
 * so; a bell that rings twice does no harm.
 */
@Injectable()
export class Sweeper extends RepeatedWork {
  constructor(
    private readonly store: AdvanceStore,
    private readonly doorbell: Doorbell,
    private readonly admission: RunAdmission,
  ) {
    super('sweeping', EVERY_MS);
  }

  protected async work(): Promise<void> {
    await this.admission.admit();
    for (const runId of await this.store.findUnheard(HEARD_WITHIN_MS)) await this.doorbell.ringAdvance(runId);
  }
}
