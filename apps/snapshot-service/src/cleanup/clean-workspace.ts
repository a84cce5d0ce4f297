import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { GODWIT_NAMESPACE } from '@godwit/contracts/labels';
import { runSelector } from '@godwit/contracts/run-labels';
import type { KubeClient } from '@godwit/kube/kube-client';
import { listIfServed } from '@godwit/kube/list-all';
import { PERSISTENT_VOLUME, PERSISTENT_VOLUME_CLAIM, POD, SECRET } from '@godwit/kube/resource-type';
import { waitUntilGone } from '@godwit/kube/watch';
import { deleteLabelled } from './delete-labelled.ts';

const GONE_TIMEOUT_MS = 120_000;
const MOVER_GRACE_SECONDS = 5;

/** Takes away what a run has in our namespace: movers, their secrets, and claims with their volumes. */
export async function cleanWorkspace(client: KubeClient, runId: string, signal: AbortSignal): Promise<void> {
  const scope = { labelSelector: runSelector(runId), namespace: GODWIT_NAMESPACE };
  await deleteLabelled(client, POD, scope, signal, MOVER_GRACE_SECONDS);
  await deleteLabelled(client, SECRET, scope, signal);
  const claims = await listIfServed<KubernetesObject>(client, PERSISTENT_VOLUME_CLAIM, { ...scope, signal });
  const volumes = claims.map((claim) => (claim.spec as { volumeName?: string }).volumeName).filter((name) => !!name);
  await deleteLabelled(client, PERSISTENT_VOLUME_CLAIM, scope, signal);
  await Promise.all(
    volumes.map((name) => waitUntilGone(client, PERSISTENT_VOLUME, undefined, name!, { signal, timeoutMs: GONE_TIMEOUT_MS })),
  );
}
