import { FatalError } from '@godwit/contracts/errors';
import type { Finding } from '@godwit/contracts/findings';
import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { RunObjectStore } from '@godwit/db/run-object-store';
import { RunStore } from '@godwit/db/run-store';
import { VolumeStore } from '@godwit/db/volume-store';
import { type Discovery, discover } from '@godwit/kube/discovery';
import type { KubeClient } from '@godwit/kube/kube-client';
import { STORAGE_CLASS } from '@godwit/kube/resource-type';
import { formatDuration } from '@godwit/pipeline/format-duration';
import type { ClaimedStep } from '@godwit/pipeline/step-ledger';
import type { StepContext } from '@godwit/queue/step-worker';
import { ClusterConnections } from '@godwit/step-kit/cluster-connections';
import { RunLog } from '@godwit/step-kit/run-log';
import { Inject, Injectable } from '@nestjs/common';
import { allTiers, CapturedResources } from '../archive/captured-resources.ts';
import { RESTORE_CONFIG, type RestoreConfig } from '../restore-config.ts';
import { checkVolumes } from './check-volumes.ts';
import { type Expectation, expectations } from './expectations.ts';
import { missingObjects } from './missing-objects.ts';
import { notReadyFinding } from './not-ready.ts';
import { failedObject, verifyFailed } from './verify-failed.ts';
import { waitReady } from './wait-ready.ts';

const WARNING_TIMEOUT_MS = 60_000;

/** Checks that what was promised is there: the objects, the volumes' data, and what was ready on the source. */
@Injectable()
export class VerifyHandler {
  constructor(
    @Inject(RESTORE_CONFIG) private readonly config: RestoreConfig,
    private readonly runs: RunStore,
    private readonly volumes: VolumeStore,
    private readonly runObjects: RunObjectStore,
    private readonly clusters: ClusterConnections,
    private readonly captured: CapturedResources,
    private readonly log: RunLog,
  ) {}

  /** @throws FatalError `VerifyFailed` that names each object and what is wrong with it */
  async handle({ step, signal }: StepContext): Promise<undefined> {
    const run = await this.runs.get(step.runId);
    if (!run.destinationClusterId) throw new FatalError('NoDestination', 'the run has no destination cluster');
    const client = await this.clusters.get(run.destinationClusterId);
    const [volumes, discovery, lateClasses] = await Promise.all([
      this.volumes.list(run.id),
      discover(client, signal),
      observeLateClasses(client, signal),
    ]);
    const expected = await this.captured.read(run, signal, (captured) =>
      expectations(this.runObjects.each(run.id), allTiers(captured), captured.namespaces),
    );
    const notReady = await this.wait(client, discovery, expected, lateClasses, signal);
    const missing = await missingObjects(client, discovery, this.runObjects.each(run.id), signal);
    const failed = await Array.fromAsync(this.runObjects.each(run.id, { outcome: 'Failed' }), failedObject);
    const data = checkVolumes(volumes);

    const found = [...failed, ...data.problems, ...missing, ...notReady];
    await this.log.findings(step, found);
    const problems = found.filter(({ severity }) => severity === 'error');
    if (problems.length > 0) throw verifyFailed(client.clusterName, problems);
    await this.tellReady(step);
    const objects = Object.values(await this.runObjects.countByOutcome(run.id)).reduce((sum, count) => sum + count, 0);
    await this.log.info(
      step,
      `Verified: ${objects} objects, ${data.moved} volumes with the same data as on the source, ` +
        `${expected.length - notReady.length} workloads, claims and others ready`,
    );
    return undefined;
  }

  /** Of a cut-over: how long the application was down. */
  private async tellReady(step: ClaimedStep): Promise<void> {
    const { quiescedAt, readyAt } = await this.runs.noteReady(step.runId);
    if (!quiescedAt || !readyAt) return;
    const downtime = formatDuration(readyAt.getTime() - quiescedAt.getTime());
    const [from, until] = [quiescedAt, readyAt].map((time) => `${time.toISOString().slice(11, 19)} UTC`);
    await this.log.info(
      step,
      `The application was down for ${downtime}: from ${from}, when the first workload of the source was stopped, until ${until}, ` +
        'when all was ready on the destination',
    );
  }

  /** What only its people can judge holds the run up less long than what fails it. */
  private async wait(
    client: KubeClient,
    discovery: Discovery,
    expected: readonly Expectation[],
    lateClasses: ReadonlySet<string>,
    signal: AbortSignal,
  ): Promise<Finding[]> {
    const { readyTimeoutMs } = this.config;
    const waits = (['error', 'warning'] as const).map(async (severity) => {
      const timeoutMs = severity === 'error' ? readyTimeoutMs : Math.min(readyTimeoutMs, WARNING_TIMEOUT_MS);
      const some = expected.filter((one) => one.severity === severity);
      const unmet = await waitReady(client, discovery, some, { timeoutMs, signal, lateClasses });
      return Promise.all(unmet.map((one) => notReadyFinding(client, one, timeoutMs, signal)));
    });
    return (await Promise.all(waits)).flat();
  }
}

/** The storage classes that bind a claim only when a pod uses it. */
async function observeLateClasses(client: KubeClient, signal: AbortSignal): Promise<Set<string>> {
  const late = new Set<string>();
  for await (const item of client.list<KubernetesObject & { volumeBindingMode?: string }>(STORAGE_CLASS, { signal })) {
    if (item.volumeBindingMode === 'WaitForFirstConsumer') late.add(item.metadata.name);
  }
  return late;
}
