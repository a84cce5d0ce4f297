import type { Observation } from '@godwit/cloud/cluster-provider';
import type { StepWaiting } from '@godwit/contracts/run';

/** Follows what a provider is waited for. Of several things at once it tells that which takes the longest. */
export class Waiting {
  private readonly waitedFor = new Map<string, { state: string; since: string }>();

  /** @param before what the step waited for when its last holder was lost: its time goes on */
  constructor(private readonly before?: StepWaiting) {}

  /** @returns what is waited for now; undefined: nothing */
  after({ what, state, isDone }: Observation, now: Date): StepWaiting | undefined {
    const begun = this.waitedFor.get(what)?.since ?? (this.before?.what === what ? this.before.since : now.toISOString());
    if (isDone) this.waitedFor.delete(what);
    else this.waitedFor.set(what, { state, since: begun });
    const [first] = this.waitedFor;
    return first && { what: first[0], ...first[1] };
  }
}
