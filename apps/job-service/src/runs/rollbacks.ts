import type { RunSummary } from '@godwit/contracts/api';
import { hasToRollBack, isFinished, isMigrating } from '@godwit/contracts/run';
import { ClusterStore } from '@godwit/db/cluster-store';
import { CreatedClusterStore } from '@godwit/db/created-cluster-store';
import { RunStore, type StoredRun } from '@godwit/db/run-store';
import { RolledBackError } from '@godwit/db/unfinished-run';
import { ConflictException, Injectable } from '@nestjs/common';
import { References } from '../migrations/references.ts';
import { unlessRunUnfinished } from '../migrations/run-unfinished.ts';
import { RunAdmission } from '../run-queue/run-admission.ts';
import { RunReader } from './run-reader.ts';

/** Starts the runs that take back what a migration did on the destination. */
@Injectable()
export class Rollbacks {
  constructor(
    private readonly runs: RunStore,
    private readonly clusters: ClusterStore,
    private readonly created: CreatedClusterStore,
    private readonly references: References,
    private readonly reader: RunReader,
    private readonly admission: RunAdmission,
  ) {}

  /** @throws ConflictException 409 that says why the run is not to be taken back */
  async start(organisationId: string, run: StoredRun, deleteCluster = false): Promise<RunSummary> {
    const refusal = (await this.refusal(run)) ?? (deleteCluster ? await this.refusalToDelete(run) : undefined);
    if (refusal) throw new ConflictException(refusal);
    const rollback = await unlessRunUnfinished(unlessRolledBack(this.runs.createRollback(run, deleteCluster)));
    await this.admission.admit().catch(() => {}); // it stands in the queue: the sweeper asks again
    return this.reader.summaryOf(organisationId, await this.runs.get(rollback.id));
  }

  private async refusal(run: StoredRun): Promise<string | undefined> {
    const { id, kind, phase, organisationId, destinationClusterId, quiescedAt } = run;
    if (!isMigrating(kind)) return `only a migration or a cut-over can be rolled back, and this run is of kind ${kind}`;
    if (!isFinished(phase)) return 'the run is unfinished; wait for it or cancel it first';
    const steps = await this.runs.steps(id);
    if (!destinationClusterId || !hasToRollBack({ quiescedAt, steps })) {
      const source = kind === 'CutOver' ? ', and left nothing stopped on the source' : '';
      return `there is nothing to roll back: the run ended before it applied anything to the destination${source}`;
    }
    if (await this.clusters.find(organisationId, destinationClusterId)) return undefined;
    return 'its destination cluster is not registered any more';
  }

  private async refusalToDelete({ id, organisationId }: StoredRun): Promise<string | undefined> {
    const cluster = await this.created.ofRun(id);
    if (!cluster) return 'the run did not create its destination cluster, so that is not deleted';
    await this.references.refuseWhileUsed(organisationId, { clusterId: cluster.id });
    return undefined;
  }
}

async function unlessRolledBack<T>(write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (error) {
    if (!(error instanceof RolledBackError)) throw error;
    throw new ConflictException(`the run was rolled back already, by the run ${error.rollbackId}`);
  }
}
