import type { Observer } from '@godwit/cloud/cluster-provider';
import type { StepWaiting } from '@godwit/contracts/run';
import { StepWaitingStore } from '@godwit/db/step-waiting-store';
import type { ClaimedStep } from '@godwit/pipeline/step-ledger';
import { RunNews } from '@godwit/queue/run-news';
import { RunLog } from '@godwit/step-kit/run-log';
import { Injectable } from '@nestjs/common';
import { tellProgress } from './tell-progress.ts';
import { Waiting } from './waiting.ts';

/** Tells readers of a run what a provider does: as lines of its log, and as what the step waits for. */
@Injectable()
export class ProviderObserver {
  constructor(
    private readonly log: RunLog,
    private readonly waitings: StepWaitingStore,
    private readonly news: RunNews,
  ) {}

  /** @returns hears a provider for a step; providers are asked every few seconds, and only what changed is written */
  async of(step: ClaimedStep): Promise<Observer> {
    const before = await this.waitings.read(step);
    const waiting = new Waiting(before);
    const tell = tellProgress((message) => this.log.info(step, message), before ? Date.parse(before.since) : Date.now());
    let written = before;
    return async (observation) => {
      await tell(observation);
      const now = waiting.after(observation, new Date());
      if (isSame(written, now)) return;
      written = now;
      await this.waitings.write(step, now);
      await this.news.tell(step.runId);
    };
  }
}

function isSame(a: StepWaiting | undefined, b: StepWaiting | undefined): boolean {
  return a?.what === b?.what && a?.state === b?.state && a?.since === b?.since;
}
