import { FatalError } from '@godwit/contracts/errors';
import type { Finding } from '@godwit/contracts/findings';
import { describeObject, type KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { RunObjectStore } from '@godwit/db/run-object-store';
import { RunStore } from '@godwit/db/run-store';
import { VolumeStore } from '@godwit/db/volume-store';
import { discover } from '@godwit/kube/discovery';
import type { KubeClient } from '@godwit/kube/kube-client';
import { STORAGE_CLASS } from '@godwit/kube/resource-type';
import type { StepContext } from '@godwit/queue/step-worker';
import { ClusterConnections } from '@godwit/step-kit/cluster-connections';
import { RunLog } from '@godwit/step-kit/run-log';
import { Inject, Injectable } from '@nestjs/common';
import { allTiers, CapturedResources } from '../archive/captured-resources.ts';
import { RESTORE_CONFIG, type RestoreConfig } from '../restore-config.ts';
import { checkVolumes } from './check-volumes.ts';
import { expectations } from './expectations.ts';
import { explainUnmet } from './explain-unmet.ts';
import { failedObjects, verifyFailed } from './verify-failed.ts';
import { type Unmet, waitReady } from './wait-ready.ts';

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
    const [objects, volumes, discovery, lateClasses] = await Promise.all([
      this.runObjects.list(run.id),
      this.volumes.list(run.id),
      discover(client, signal),
      observeLateClasses(client, signal),
    ]);
    const expected = await this.captured.read(run, signal, (captured) =>
      expectations(objects, allTiers(captured), captured.namespaces),
    );
    const { readyTimeoutMs: timeoutMs } = this.config;
    const unmet = await waitReady(client, discovery, expected, { timeoutMs, signal, lateClasses });

    const data = checkVolumes(volumes);
    const notReady = await Promise.all(unmet.map((one) => notReadyFinding(client, one, timeoutMs, signal)));
    const problems = [...failedObjects(objects), ...data.problems, ...notReady];
    if (problems.length > 0) {
      await this.log.findings(step, problems);
      throw verifyFailed(client.clusterName, problems);
    }
    await this.log.info(
      step,
      `Verified: ${objects.length} objects, ${data.moved} volumes with the same data as on the source, ` +
        `${expected.length} workloads and claims ready`,
    );
    return undefined;
  }
}

async function notReadyFinding(client: KubeClient, unmet: Unmet, timeoutMs: number, signal: AbortSignal): Promise<Finding> {
  const { kind, namespace, name } = unmet.expected;
  const why = await explainUnmet(client, unmet, signal);
  return {
    severity: 'error',
    reason: 'NotReady',
    object: describeObject({ kind, metadata: { namespace, name } }),
    cluster: client.clusterName,
    message: `is not ready after ${Math.round(timeoutMs / 1000)} s: ${why}`,
  };
}

/** The storage classes that bind a claim only when a pod uses it. */
async function observeLateClasses(client: KubeClient, signal: AbortSignal): Promise<Set<string>> {
  const late = new Set<string>();
  for await (const item of client.list<KubernetesObject & { volumeBindingMode?: string }>(STORAGE_CLASS, { signal })) {
    if (item.volumeBindingMode === 'WaitForFirstConsumer') late.add(item.metadata.name);
  }
  return late;
}
