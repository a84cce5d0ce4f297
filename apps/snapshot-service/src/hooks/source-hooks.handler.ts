import type { HookSlot, RunHook } from '@godwit/contracts/app-hooks';
import { FatalError } from '@godwit/contracts/errors';
import type { PreflightOutput } from '@godwit/contracts/step-outputs';
import { RunStore } from '@godwit/db/run-store';
import type { KubeClient } from '@godwit/kube/kube-client';
import type { StepContext } from '@godwit/queue/step-worker';
import type { HookPod } from '@godwit/selection/match-hook-pods';
import { hookNamespaces } from '@godwit/selection/match-hook-pods';
import { ClusterConnections } from '@godwit/step-kit/cluster-connections';
import { observeHookPods } from '@godwit/step-kit/hooks/observe-hook-pods';
import { runHooks } from '@godwit/step-kit/hooks/run-hooks';
import { RunLog } from '@godwit/step-kit/run-log';
import { Injectable } from '@nestjs/common';

/** Runs the hooks of the source: before the snapshots, and as soon as the last of them is cut. */
@Injectable()
export class SourceHooksHandler {
  constructor(
    private readonly runs: RunStore,
    private readonly clusters: ClusterConnections,
    private readonly log: RunLog,
  ) {}

  /** @throws FatalError `HookFailed` at the first hook that fails */
  before(context: StepContext): Promise<undefined> {
    return this.handle(context, 'sourcePre', { goOn: false });
  }

  /** Runs each of them, whatever became of the others: they take back what the hooks before did (rule 40). */
  after(context: StepContext): Promise<undefined> {
    return this.handle(context, 'sourcePost', { goOn: true });
  }

  private async handle({ step, signal }: StepContext, slot: HookSlot, how: { goOn: boolean }): Promise<undefined> {
    const run = await this.runs.get(step.runId);
    const preflight = await this.runs.stepOutput<PreflightOutput>(run.id, 'preflight');
    if (!preflight) throw new FatalError('PreflightMissing', 'the run has no result of preflight');
    const client = await this.clusters.get(run.sourceClusterId);
    const selected = Object.keys(preflight.namespaces);
    const podsOf = (hook: RunHook) => podsOnSource(client, hook, selected, signal);
    await runHooks({ client, step, log: this.log, signal, podsOf }, run.hooks[slot], how);
    return undefined;
  }
}

function podsOnSource(client: KubeClient, hook: RunHook, selected: string[], signal: AbortSignal): Promise<HookPod[]> {
  return observeHookPods(client, hook, hookNamespaces(hook.namespaces, selected), signal);
}
