import { RunSampleStore } from '@godwit/db/run-sample-store';
import { RepeatedWork } from '@godwit/service-kit/repeated-work';
import { Injectable } from '@nestjs/common';

const EVERY_MS = 5_000;
const THIN_EVERY = 12;

/** Notes how far the runs are that move data. */
@Injectable()
export class ThroughputSampler extends RepeatedWork {
  private rounds = 0;

  constructor(private readonly samples: RunSampleStore) {
    super('noting how far runs are', EVERY_MS);
  }

  protected async work(): Promise<void> {
    await this.samples.record();
    if (this.rounds++ % THIN_EVERY === 0) await this.samples.thin();
  }
}
