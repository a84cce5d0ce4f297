import { streamOrderKey, volumePrefix } from '@godwit/contracts/archive-layout';
import type { MoverConfig } from '@godwit/contracts/mover-protocol';
import { PostgresStepLedger } from '@godwit/db/postgres-step-ledger';
import { RunStore, type StoredRun } from '@godwit/db/run-store';
import { Doorbell } from '@godwit/queue/doorbell';
import type { StepContext } from '@godwit/queue/step-worker';
import { ArchiveAccess } from '@godwit/step-kit/archive-access';
import { sealBlob } from '@godwit/volume-archive/seal';
import { Injectable, Logger } from '@nestjs/common';
import { StreamRelay } from './stream-relay.ts';

/** Connects the streams of a step with the mover that uses them, by way of the archive. */
@Injectable()
export class StreamOrders {
  private readonly logger = new Logger('streams');

  constructor(
    private readonly runs: RunStore,
    private readonly archives: ArchiveAccess,
    private readonly ledger: PostgresStepLedger,
    private readonly doorbell: Doorbell,
  ) {}

  /** @returns what is to hear the mover's progress, and to be stopped when the mover has ended */
  relay({ step, signal, onStreams }: StepContext, run: StoredRun, side: MoverConfig['action']): StreamRelay {
    const key = streamOrderKey(volumePrefix(run.id, step.item), side);
    const ends = {
      write: async (order: object, stopped: AbortSignal) => {
        const sealed = sealBlob(await this.runs.openArchiveKey(run.id), key, Buffer.from(JSON.stringify(order)));
        await this.archives.use(run, (store) => store.put(key, sealed, { signal: AbortSignal.any([signal, stopped]) }));
      },
      confirm: async (order: number, inUse: number) => {
        await this.ledger.confirmStreams(step, order, inUse);
        await this.shareOutAnew(run);
      },
      onError: (error: unknown) => {
        if (!signal.aborted) this.logger.warn(`volume ${step.item} keeps its streams for now: ${(error as Error).message}`);
      },
    };
    // The mover of an earlier attempt may still run, and follow whatever it was told then.
    const relay = new StreamRelay(ends, step.attempt === 1 ? step.streams?.order : undefined);
    onStreams((grant) => relay.onGrant(grant));
    return relay;
  }

  /** A bell that is not heard is rung again by the sweeper, or matters little. */
  async shareOutAnew(run: StoredRun): Promise<void> {
    await this.doorbell.ringAdvance(run.id).catch((error: Error) => this.logger.warn(`cannot ring: ${error.message}`));
  }
}
