import type { CreatedDestination } from '@godwit/contracts/destination';
import { DeclinedError } from '@godwit/contracts/errors';
import { CreatedClusterStore } from '@godwit/db/created-cluster-store';
import { RunStore, type StoredRun } from '@godwit/db/run-store';
import type { StepContext } from '@godwit/queue/step-worker';
import { ClusterConnections } from '@godwit/step-kit/cluster-connections';
import { RunLog } from '@godwit/step-kit/run-log';
import { Injectable } from '@nestjs/common';
import { CloudAccess } from './cloud-access.ts';
import { findOutliving } from './outliving.ts';
import { ProviderObserver } from './provider-observer.ts';
import { whyKept } from './why-kept.ts';

/** A cluster that does not answer is deleted all the same. */
const ASK_TIMEOUT_MS = 20_000;

/** Deletes the cluster that a run created, where the run came to nothing or a rollback asks for it. */
@Injectable()
export class DeleteClusterHandler {
  constructor(
    private readonly runs: RunStore,
    private readonly created: CreatedClusterStore,
    private readonly access: CloudAccess,
    private readonly clusters: ClusterConnections,
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
    const outliving = await this.outliving(createdBy, destination, signal);
    await provider.deleteCluster(createdBy, destination, { signal, observe });
    await this.created.forget(createdBy);
    const cluster = `${destination.type} cluster ${destination.name}`;
    if (outliving?.length === 0) await this.log.info(step, `Nothing of ${cluster} is left`);
    else if (!outliving) await this.log.info(step, `${cluster} is deleted; which volumes and load balancers it had is not known`);
    else {
      const list = outliving.join(', ');
      await this.log.warn(step, `${cluster} is deleted; its cloud may keep ${list}. Delete there what is not needed`, {
        outliving,
      });
    }
    return undefined;
  }

  /** @returns undefined if the cluster is not registered, or does not tell */
  private async outliving(createdBy: string, { type }: CreatedDestination, signal: AbortSignal): Promise<string[] | undefined> {
    const cluster = await this.created.ofRun(createdBy);
    if (!cluster) return undefined;
    try {
      const within = AbortSignal.any([signal, AbortSignal.timeout(ASK_TIMEOUT_MS)]);
      return await findOutliving(await this.clusters.get(cluster.id), type, within);
    } catch {
      signal.throwIfAborted();
      return undefined;
    }
  }
}

function creatorOf({ id, kind, rollbackOfId }: StoredRun): string {
  return kind === 'Rollback' && rollbackOfId ? rollbackOfId : id;
}
