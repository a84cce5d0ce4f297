import { DeclinedError } from '@godwit/contracts/errors';
import { CreatedClusterStore } from '@godwit/db/created-cluster-store';
import { RunStore, type StoredRun } from '@godwit/db/run-store';
import type { StepContext } from '@godwit/queue/step-worker';
import { RunLog } from '@godwit/step-kit/run-log';
import { Injectable } from '@nestjs/common';
import { CloudAccess } from './cloud-access.ts';
import { ProviderObserver } from './provider-observer.ts';
import { whyKept } from './why-kept.ts';

/** Deletes the cluster that a run created, where the run came to nothing or a rollback asks for it. */
@Injectable()
export class DeleteClusterHandler {
  constructor(
    private readonly runs: RunStore,
    private readonly created: CreatedClusterStore,
    private readonly access: CloudAccess,
    private readonly log: RunLog,
    private readonly observer: ProviderObserver,
  ) {}

  async handle({ step, signal }: StepContext): Promise<undefined> {
    const run = await this.runs.get(step.runId);
    const { destination } = run.definition;
    const steps = await this.runs.steps(run.id);
    const reason = whyKept(run, new Set(steps.map(({ name }) => name)));
    if (reason || destination.type === 'Registered') throw new DeclinedError('ClusterKept', reason ?? 'it was not created');
    const createdBy = creatorOf(run);
    const provider = await this.access.open(destination.cloudAccountId);
    const observe = await this.observer.of(step);
    await provider.deleteCluster(createdBy, destination, { signal, observe });
    await this.created.forget(createdBy);
    await this.log.info(step, `Nothing of ${destination.type} cluster ${destination.name} is left`);
    return undefined;
  }
}

function creatorOf({ id, kind, rollbackOfId }: StoredRun): string {
  return kind === 'Rollback' && rollbackOfId ? rollbackOfId : id;
}
