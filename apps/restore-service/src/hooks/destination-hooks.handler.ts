import type { RunHook } from '@godwit/contracts/app-hooks';
import { FatalError } from '@godwit/contracts/errors';
import type { PreflightOutput } from '@godwit/contracts/step-outputs';
import { RunStore } from '@godwit/db/run-store';
import type { StepContext } from '@godwit/queue/step-worker';
import { hookNamespaces } from '@godwit/selection/match-hook-pods';
import { ClusterConnections } from '@godwit/step-kit/cluster-connections';
import { runHooks } from '@godwit/step-kit/hooks/run-hooks';
import { RunLog } from '@godwit/step-kit/run-log';
import type { NamespaceMap } from '@godwit/transforms/transform';
import { Inject, Injectable } from '@nestjs/common';
import { RESTORE_CONFIG, type RestoreConfig } from '../restore-config.ts';
import { waitForHookPods } from './wait-for-hook-pods.ts';

/** Runs the hooks of the destination, each when its pods are ready there (rule 22). */
@Injectable()
export class DestinationHooksHandler {
  constructor(
    @Inject(RESTORE_CONFIG) private readonly config: RestoreConfig,
    private readonly runs: RunStore,
    private readonly clusters: ClusterConnections,
    private readonly log: RunLog,
  ) {}

  /** @throws FatalError `HookFailed` at the first hook that fails */
  async handle({ step, signal }: StepContext): Promise<undefined> {
    const run = await this.runs.get(step.runId);
    const preflight = await this.runs.stepOutput<PreflightOutput>(run.id, 'preflight');
    if (!preflight || !run.destinationClusterId) throw new FatalError('PreflightMissing', 'the run has no result of preflight');
    const client = await this.clusters.get(run.destinationClusterId);
    const { readyTimeoutMs: timeoutMs } = this.config;
    const podsOf = (hook: RunHook) =>
      waitForHookPods(client, hook, namespacesThere(hook, preflight.namespaces), { timeoutMs, signal });
    await runHooks({ client, step, log: this.log, signal, podsOf }, run.hooks.destinationPost, { goOn: false });
    return undefined;
  }
}

/** A hook names namespaces as they are called on the source. */
function namespacesThere({ namespaces }: RunHook, map: NamespaceMap): string[] {
  return hookNamespaces(namespaces, Object.keys(map)).map((name) => map[name]!);
}
