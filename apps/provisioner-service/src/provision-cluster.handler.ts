import type { ClusterProvider, ProviderCall } from '@godwit/cloud/cluster-provider';
import type { CreatedDestination } from '@godwit/contracts/destination';
import { FatalError, reportError } from '@godwit/contracts/errors';
import { CreatedClusterStore } from '@godwit/db/created-cluster-store';
import { isDuplicate } from '@godwit/db/duplicate';
import { RunStore, type StoredRun } from '@godwit/db/run-store';
import type { ClaimedStep } from '@godwit/pipeline/step-ledger';
import type { StepContext } from '@godwit/queue/step-worker';
import { ClusterConnections } from '@godwit/step-kit/cluster-connections';
import { RunLog } from '@godwit/step-kit/run-log';
import { Injectable } from '@nestjs/common';
import { CloudAccess } from './cloud-access.ts';
import { ensureClasses } from './ensure-classes.ts';
import { ProviderObserver } from './provider-observer.ts';

/**
 * Creates the destination of a run, beside the work on the source, and registers it. Whoever takes the step over finds what is
 * there already and goes on; what came to nothing is deleted again.
 */
@Injectable()
export class ProvisionClusterHandler {
  constructor(
    private readonly runs: RunStore,
    private readonly created: CreatedClusterStore,
    private readonly access: CloudAccess,
    private readonly clusters: ClusterConnections,
    private readonly log: RunLog,
    private readonly observer: ProviderObserver,
  ) {}

  async handle({ step, signal }: StepContext): Promise<object> {
    const run = await this.runs.get(step.runId);
    const { destination } = run.definition;
    if (destination.type === 'Registered') throw new FatalError('NothingToCreate', 'the destination is a registered cluster');
    const provider = await this.access.open(destination.cloudAccountId);
    const observe = await this.observer.of(step);
    const call = { signal, observe };
    try {
      await this.refuseUnfit(provider, destination, signal);
      await provider.ensureCluster(run.id, destination, call);
      return await this.handOn(run, step, destination, provider, signal);
    } catch (error) {
      if (error instanceof FatalError && !signal.aborted) {
        // What was waited for before is over.
        await this.takeBack(run, step, destination, provider, { signal, observe: await this.observer.of(step) });
      }
      throw error;
    }
  }

  private async refuseUnfit(provider: ClusterProvider, destination: CreatedDestination, signal: AbortSignal): Promise<void> {
    const wrong = await provider.validate(destination, signal);
    if (wrong.length === 0) return;
    const list = wrong.map(({ path, message }) => `${path.join('.')} ${message}`).join('; ');
    throw new FatalError('DestinationUnfit', `${destination.type} cluster ${destination.name} cannot be created: ${list}`, {
      cure: 'Correct the destination of the migration.',
    });
  }

  /** It is registered before anything is asked of it, so that it is seen, reached and deleted like any other. */
  private async handOn(
    run: StoredRun,
    step: ClaimedStep,
    destination: CreatedDestination,
    provider: ClusterProvider,
    signal: AbortSignal,
  ): Promise<object> {
    const clusterId = await this.register(run, destination, await provider.credentials(destination, signal));
    const made = await ensureClasses(await this.clusters.get(clusterId), destination.type, signal);
    await this.log.info(
      step,
      `${destination.type} cluster ${destination.name} is active and registered${made.length > 0 ? `; made in it: ${made.join(', ')}` : ''}`,
    );
    return { clusterId };
  }

  private async register(
    run: StoredRun,
    destination: CreatedDestination,
    access: Parameters<CreatedClusterStore['register']>[2],
  ): Promise<string> {
    try {
      return await this.created.register(run, destination, access);
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      throw new FatalError('ClusterNameTaken', `another cluster was registered as "${destination.name}" meanwhile`, {
        cure: 'Give the new cluster another name.',
      });
    }
  }

  private async takeBack(
    { id }: StoredRun,
    step: ClaimedStep,
    destination: CreatedDestination,
    provider: ClusterProvider,
    call: ProviderCall,
  ): Promise<void> {
    try {
      await provider.deleteCluster(id, destination, call);
      await this.created.forget(id);
      await this.log.info(step, 'What was created of the destination is deleted again');
    } catch (error) {
      // The run's end tries again, and says so if it cannot.
      await this.log.warn(step, `What was created of the destination could not be deleted: ${reportError(error).message}`);
    }
  }
}
