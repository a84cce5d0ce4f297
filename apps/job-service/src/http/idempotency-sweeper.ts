import { IdempotencyStore } from '@godwit/db/idempotency-store';
import { RepeatedWork } from '@godwit/service-kit/repeated-work';
import { Injectable } from '@nestjs/common';

const EVERY_MS = 10 * 60_000;

/** Deletes keys of requests, and the answers that are kept with them, when their time is over. */
@Injectable()
export class IdempotencySweeper extends RepeatedWork {
  constructor(private readonly keys: IdempotencyStore) {
    super('deleting old keys of requests', EVERY_MS);
  }

  protected async work(): Promise<void> {
    await this.keys.deleteExpired();
  }
}
