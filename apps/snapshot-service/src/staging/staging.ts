import { resourcesPrefix, runPrefix, volumePrefix } from '@godwit/contracts/archive-layout';
import { GODWIT_NAMESPACE } from '@godwit/contracts/labels';
import { stagedSelector } from '@godwit/contracts/run-labels';
import type { VolumeArchive } from '@godwit/contracts/volume-staging';
import type { StoredRun } from '@godwit/db/run-store';
import { type StagedVolume, StagedVolumeStore } from '@godwit/db/staged-volume-store';
import { VolumeStore } from '@godwit/db/volume-store';
import { listIfServed } from '@godwit/kube/list-all';
import { PERSISTENT_VOLUME_CLAIM } from '@godwit/kube/resource-type';
import { ArchiveAccess } from '@godwit/step-kit/archive-access';
import { ClusterConnections } from '@godwit/step-kit/cluster-connections';
import { Injectable } from '@nestjs/common';
import { Workspace } from '../cleanup/workspace.ts';
import { deleteStagedClaim } from './delete-staged-claim.ts';
import { type Settlement, settleStaging } from './settle-staging.ts';
import { usableClaims } from './usable-claims.ts';

/** Takes away what stages have left, as far as nothing goes on from it. */
@Injectable()
export class Staging {
  constructor(
    private readonly staged: StagedVolumeStore,
    private readonly volumes: VolumeStore,
    private readonly clusters: ClusterConnections,
    private readonly archives: ArchiveAccess,
    private readonly workspace: Workspace,
  ) {}

  /** @returns what is staged of the run's migration */
  list({ organisationId, migrationId }: StoredRun): Promise<StagedVolume[]> {
    return migrationId ? this.staged.list(organisationId, migrationId) : Promise.resolve([]);
  }

  /**
   * Ends a run of a staged migration: what it has made superfluous goes, in the clusters and in the store, its own archive too but for
   * what the next stage goes on from.
   *
   * @returns how many volumes stay staged
   */
  async settle(run: StoredRun, signal: AbortSignal): Promise<number> {
    const [volumes, rows] = await Promise.all([this.volumes.list(run.id), this.list(run)]);
    const claims = await this.claimsThere(run, signal);
    // One that was not made yet, or is on another cluster, is not missed.
    const isThere = ({ destClusterId, claimName, claimUid }: StagedVolume) =>
      destClusterId !== run.destinationClusterId || claimUid === undefined || claims.get(claimName) === claimUid;
    const settlement = settleStaging(run, volumes, rows, isThere);
    for (const { clusterId, claimName } of settlement.replaced) {
      await deleteStagedClaim(await this.clusters.get(clusterId), claimName, signal);
    }
    await this.discard(settlement.discard, signal);
    const before = [
      ...settlement.replaced.map(({ clusterId }) => clusterId),
      ...settlement.discard.map((row) => row.destClusterId),
    ];
    for (const clusterId of new Set(before.filter((id) => id !== run.destinationClusterId && id !== run.sourceClusterId))) {
      // The migration went there once.
      await this.workspace.leave(await this.clusters.get(clusterId), clusterId, run.id, signal);
    }
    for (const archive of settlement.superseded) await this.deleteArchive(run.organisationId, archive, signal);
    await this.deleteOwnArchive(run, volumes, settlement, signal);
    return rows.length - settlement.discard.length;
  }

  /** Deletes staged volumes with all that belongs to them; each is forgotten only when it is gone. */
  async discard(rows: readonly StagedVolume[], signal: AbortSignal): Promise<void> {
    await Promise.all(
      rows.map(async ({ id, organisationId, destClusterId, claimName, archive }) => {
        await deleteStagedClaim(await this.clusters.get(destClusterId), claimName, signal);
        if (archive) await this.deleteArchive(organisationId, archive, signal);
        await this.staged.remove(id);
      }),
    );
  }

  private async claimsThere({ migrationId, destinationClusterId }: StoredRun, signal: AbortSignal): Promise<Map<string, string>> {
    if (!migrationId || !destinationClusterId) return new Map();
    const client = await this.clusters.get(destinationClusterId);
    const scope = { namespace: GODWIT_NAMESPACE, labelSelector: stagedSelector(migrationId), signal };
    const claims = await listIfServed(client, PERSISTENT_VOLUME_CLAIM, scope);
    return usableClaims(claims);
  }

  private async deleteArchive(
    organisationId: string,
    { storage, runId, volumeId }: VolumeArchive,
    signal: AbortSignal,
  ): Promise<void> {
    const stored = { organisationId, storage };
    await this.archives.use(stored, (store) => store.deletePrefix(volumePrefix(runId, volumeId), { signal }));
  }

  private async deleteOwnArchive(
    run: StoredRun,
    volumes: readonly { id: string }[],
    { keptArchives }: Settlement,
    signal: AbortSignal,
  ): Promise<void> {
    const prefixes =
      keptArchives.size === 0
        ? [runPrefix(run.id)]
        : [
            resourcesPrefix(run.id),
            ...volumes.filter(({ id }) => !keptArchives.has(id)).map(({ id }) => volumePrefix(run.id, id)),
          ];
    await this.archives.use(run, async (store) => {
      for (const prefix of prefixes) await store.deletePrefix(prefix, { signal });
    });
  }
}
