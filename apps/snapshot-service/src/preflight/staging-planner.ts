import { randomUUID } from 'node:crypto';
import type { Finding } from '@godwit/contracts/findings';
import { GODWIT_NAMESPACE } from '@godwit/contracts/labels';
import { isStaging } from '@godwit/contracts/run';
import { stagedSelector } from '@godwit/contracts/run-labels';
import type { StoredRun } from '@godwit/db/run-store';
import { StagedVolumeStore } from '@godwit/db/staged-volume-store';
import type { KubeClient } from '@godwit/kube/kube-client';
import { listIfServed } from '@godwit/kube/list-all';
import { PERSISTENT_VOLUME_CLAIM } from '@godwit/kube/resource-type';
import { Injectable } from '@nestjs/common';
import { usableClaims } from '../staging/usable-claims.ts';
import { planStaging, type StagingPlace } from './plan-staging.ts';
import type { PlannedVolume } from './plan-volumes.ts';

/** Finds what earlier stages of a migration have left, and decides for each volume what of it a run goes on from. */
@Injectable()
export class StagingPlanner {
  constructor(private readonly staged: StagedVolumeStore) {}

  /** @returns the volumes as they are, unless the run is of a staged migration */
  async plan(
    run: StoredRun,
    destination: KubeClient,
    volumes: readonly PlannedVolume[],
    signal: AbortSignal,
  ): Promise<{ volumes: PlannedVolume[]; findings: Finding[] }> {
    const { migrationId, destinationClusterId } = run;
    if (!isStaging(run.kind) || !migrationId || !destinationClusterId) return { volumes: [...volumes], findings: [] };
    const scope = { namespace: GODWIT_NAMESPACE, labelSelector: stagedSelector(migrationId), signal };
    const [rows, claims] = await Promise.all([
      this.staged.list(run.organisationId, migrationId),
      listIfServed(destination, PERSISTENT_VOLUME_CLAIM, scope),
    ]);
    const place: StagingPlace = {
      sourceClusterId: run.sourceClusterId,
      destinationClusterId,
      storage: run.storage,
      claims: usableClaims(claims),
      newName: () => `godwit-staged-${randomUUID()}`,
    };
    const findings: Finding[] = [];
    const planned = volumes.map((volume) => {
      if (volume.skipReason) return volume;
      const earlier = rows.find(({ namespace, name }) => namespace === volume.namespace && name === volume.name);
      const { staging, whyAnew } = planStaging(volume, earlier, place);
      if (whyAnew) {
        const object = `PersistentVolumeClaim ${volume.namespace}/${volume.name}`;
        findings.push({ severity: 'warning', reason: 'StagedAnew', cluster: destination.clusterName, object, message: whyAnew });
      }
      return { ...volume, staging };
    });
    return { volumes: planned, findings };
  }
}
