import { FatalError, RetryableError } from '@godwit/contracts/errors';
import type { Finding } from '@godwit/contracts/findings';
import type { Selection } from '@godwit/contracts/migration-definition';
import type { CaptureOutput, PreflightOutput } from '@godwit/contracts/step-outputs';
import { RunStore } from '@godwit/db/run-store';
import { VolumeStore } from '@godwit/db/volume-store';
import { type Discovery, discover } from '@godwit/kube/discovery';
import type { StepContext } from '@godwit/queue/step-worker';
import { entriesWithoutType } from '@godwit/selection/resource-type-filter';
import { readSelection } from '@godwit/selection/selection-criteria';
import { ArchiveAccess } from '@godwit/step-kit/archive-access';
import { ClusterConnections } from '@godwit/step-kit/cluster-connections';
import { RunLog } from '@godwit/step-kit/run-log';
import { Injectable } from '@nestjs/common';
import { type CaptureResult, captureObjects } from './capture-objects.ts';
import { commonTypes } from './common-types.ts';
import { silentApis } from './silent-apis.ts';
import { Spool } from './spool.ts';

/** Reads the selected objects of the source and writes them, sealed, into the archive. */
@Injectable()
export class CaptureResourcesHandler {
  constructor(
    private readonly runs: RunStore,
    private readonly volumes: VolumeStore,
    private readonly clusters: ClusterConnections,
    private readonly archives: ArchiveAccess,
    private readonly log: RunLog,
  ) {}

  async handle({ step, signal }: StepContext): Promise<CaptureOutput> {
    const run = await this.runs.get(step.runId);
    const { selection } = run.definition;
    const preflight = await this.runs.stepOutput<PreflightOutput>(run.id, 'preflight');
    if (!preflight) throw new FatalError('PreflightMissing', 'the run has no result of preflight');
    const criteria = readSelection(selection, Object.keys(preflight.namespaces));
    const [source, destination] = await Promise.all([
      this.clusters.get(run.sourceClusterId),
      // One that is still being created serves what the source prefers, as far as anybody can know.
      run.destinationClusterId ? this.clusters.get(run.destinationClusterId) : undefined,
    ]);
    const [served, wanted, volumes, key] = await Promise.all([
      discover(source, signal),
      destination && discover(destination, signal),
      this.volumes.list(run.id),
      this.runs.openArchiveKey(run.id),
    ]);
    const silent = silentApis(served, selection, source.clusterName);
    await this.log.findings(step, [...unknownTypes(selection, served, source.clusterName), ...silent]);
    const asked = silent.find(({ severity }) => severity === 'error');
    if (asked) throw unavailable(asked);
    const spool = await Spool.open();
    try {
      const result = await this.archives.use(run, (store) =>
        captureObjects({
          source,
          types: commonTypes(served, wanted ?? served),
          stale: served.stale,
          criteria,
          moving: new Set(volumes.map(({ namespace, name }) => `${namespace}/${name}`)),
          excludeUnattachedPvcs: run.definition.copy.excludeUnattachedPvcs,
          target: { store, runId: run.id, key },
          spool,
          signal,
        }),
      );
      await this.log.findings(step, result.findings);
      await this.log.info(step, summary(result), { leftBehind: result.leftBehind.byReason, included: result.included });
      return { objects: result.objects, tiers: result.tiers };
    } finally {
      await spool.close();
    }
  }
}

/** What serves the API may come back. */
function unavailable({ reason, message, cure, cluster, object }: Finding): RetryableError {
  return new RetryableError(reason, message, { cure, subject: { cluster, object } });
}

function summary({ objects, kinds, leftBehind, included, lists }: CaptureResult): string {
  const along = Object.keys(included).length;
  const listed = `${lists.length} lists, whose resource versions are in the archive`;
  return `Captured ${objects} objects of ${kinds} kinds from ${listed}; ${along} of them come along; ${leftBehind.total} stay behind`;
}

/** Entries that mean nothing the source serves: most often misspelt, so that less would land than was meant. */
function unknownTypes({ resourceTypes, excludeResourceTypes }: Selection, served: Discovery, cluster: string): Finding[] {
  return entriesWithoutType([...resourceTypes, ...excludeResourceTypes], served.preferred).map((entry) => ({
    severity: 'warning',
    reason: 'ResourceTypeUnknown',
    cluster,
    message: `cluster "${cluster}" serves no resource type "${entry}", of which the selection speaks`,
    cure: 'Correct the entry, or take it out of the selection.',
  }));
}
