import { isStaging, type StepName } from '@godwit/contracts/run';
import { ClusterLock } from '@godwit/db/cluster-lock';
import { RunStore } from '@godwit/db/run-store';
import { ensureGodwitNamespace } from '@godwit/kube/godwit-namespace';
import type { StepContext } from '@godwit/queue/step-worker';
import { ClusterConnections } from '@godwit/step-kit/cluster-connections';
import { RunLog } from '@godwit/step-kit/run-log';
import { Injectable } from '@nestjs/common';
import { Staging } from '../staging/staging.ts';
import { cleanSource } from './clean-source.ts';
import { cleanWorkspace } from './clean-workspace.ts';
import { EndArchive } from './end-archive.ts';
import { rescueUnboundVolumes } from './rescue-volumes.ts';
import { Workspace } from './workspace.ts';

const TOUCHES_SOURCE: readonly StepName[] = ['snapshot-volume', 'copy-volume'];
const TOUCHES_DESTINATION: readonly StepName[] = ['restore-volume', 'apply-resources'];
const WRITES_ARCHIVE: readonly StepName[] = ['capture-resources', 'copy-volume'];
const ANY_WORK: readonly StepName[] = [...TOUCHES_SOURCE, ...TOUCHES_DESTINATION, ...WRITES_ARCHIVE];

/**
 * Takes away all that was only for the run, whatever became of it. What no step can have touched is not asked: a run that
 * failed because a cluster cannot be reached must not wait for that cluster again.
 */
@Injectable()
export class CleanupHandler {
  constructor(
    private readonly runs: RunStore,
    private readonly clusters: ClusterConnections,
    private readonly lock: ClusterLock,
    private readonly archive: EndArchive,
    private readonly workspace: Workspace,
    private readonly staging: Staging,
    private readonly log: RunLog,
  ) {}

  async handle({ step, signal }: StepContext): Promise<undefined> {
    const run = await this.runs.get(step.runId);
    const started = new Set((await this.runs.steps(run.id)).map(({ name }) => name));
    const touched = (steps: readonly StepName[]) => steps.some((name) => started.has(name));

    const sides: { clusterId: string; side: 'source' | 'destination' }[] = [];
    if (touched(TOUCHES_SOURCE)) sides.push({ clusterId: run.sourceClusterId, side: 'source' });
    if (touched(TOUCHES_DESTINATION) && run.destinationClusterId)
      sides.push({ clusterId: run.destinationClusterId, side: 'destination' });
    const cleaned = sides.map(({ clusterId, side }) => this.cleanCluster(clusterId, run.id, side, signal));
    // A mover that is told to stop may write to the archive until it is gone.
    const stopped = Promise.allSettled(cleaned);
    const settled = isStaging(run.kind) && touched(ANY_WORK) ? stopped.then(() => this.staging.settle(run, signal)) : undefined;
    const work: Promise<void>[] = sides.map(async ({ clusterId }, index) => {
      await cleaned[index];
      // A staged volume that goes must be gone when our namespace is left; if that fails, it is for another attempt.
      await settled?.catch(() => {});
      await this.workspace.leave(await this.clusters.get(clusterId), clusterId, run.id, signal);
    });
    let keptUntil: Date | undefined;
    if (settled) work.push(settled.then(() => {}));
    else if (touched(WRITES_ARCHIVE)) {
      work.push(
        stopped
          .then(() => this.archive.end(run, signal))
          .then((until) => {
            keptUntil = until;
          }),
      );
    }
    // Each is done as far as it goes, whatever the others meet.
    const results = await Promise.allSettled(work);
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
    const staged = await settled;
    if (staged) await this.log.info(step, `${staged} volumes stay staged for the next stage or the cut-over`);
    await this.log.info(step, conclusion(work.length > 0, keptUntil));
    return undefined;
  }

  private async cleanCluster(
    clusterId: string,
    runId: string,
    side: 'source' | 'destination',
    signal: AbortSignal,
  ): Promise<void> {
    const client = await this.clusters.get(clusterId);
    if (side === 'source') await cleanSource(client, runId, signal);
    else {
      const ensureNamespace = () => this.lock.hold(clusterId, () => ensureGodwitNamespace(client, signal));
      await rescueUnboundVolumes(client, runId, ensureNamespace, signal);
      await cleanWorkspace(client, runId, signal);
    }
  }
}

function conclusion(wasTouched: boolean, keptUntil: Date | undefined): string {
  if (!wasTouched) return 'There was nothing to clean up';
  if (!keptUntil) return 'Nothing of the run is left in the clusters and the object store';
  return `Nothing of the run is left in the clusters; its archive is kept until ${keptUntil.toISOString()}`;
}
