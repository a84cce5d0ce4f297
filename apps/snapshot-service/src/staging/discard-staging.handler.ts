import { DeclinedError } from '@godwit/contracts/errors';
import { RunStore } from '@godwit/db/run-store';
import type { StepContext } from '@godwit/queue/step-worker';
import { ClusterConnections } from '@godwit/step-kit/cluster-connections';
import { RunLog } from '@godwit/step-kit/run-log';
import { Injectable } from '@nestjs/common';
import { Workspace } from '../cleanup/workspace.ts';
import { Staging } from './staging.ts';

/** Takes away all that is staged of a migration: the volumes on the destination and the archives in the store. */
@Injectable()
export class DiscardStagingHandler {
  constructor(
    private readonly runs: RunStore,
    private readonly clusters: ClusterConnections,
    private readonly staging: Staging,
    private readonly workspace: Workspace,
    private readonly log: RunLog,
  ) {}

  /** @throws DeclinedError if nothing is staged */
  async handle({ step, signal }: StepContext): Promise<undefined> {
    const run = await this.runs.get(step.runId);
    const rows = await this.staging.list(run);
    await this.staging.discard(rows, signal);
    // Also where another attempt has discarded all: it may have ended before it left.
    for (const clusterId of new Set([...rows.map(({ destClusterId }) => destClusterId), run.destinationClusterId ?? []].flat())) {
      await this.workspace.leave(await this.clusters.get(clusterId), clusterId, run.id, signal);
    }
    if (rows.length === 0) throw new DeclinedError('NothingStaged', 'Nothing is staged');
    const names = rows.map(({ namespace, name }) => `${namespace}/${name}`);
    await this.log.info(step, `Discarded what was staged of ${rows.length} volumes`, { volumes: names });
    return undefined;
  }
}
