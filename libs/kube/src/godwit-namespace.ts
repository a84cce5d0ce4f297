import { GODWIT_NAMESPACE, MANAGED_BY, MANAGED_BY_LABEL, MIGRATION_LABEL, RUN_LABEL } from '@godwit/contracts/labels';
import { ensureObject } from './ensure-object.ts';
import type { KubeClient } from './kube-client.ts';
import { NAMESPACE, PERSISTENT_VOLUME_CLAIM, POD, SECRET, VOLUME_SNAPSHOT } from './resource-type.ts';
import { waitUntilGone } from './watch.ts';

const GONE_TIMEOUT_MS = 60_000;

/** Movers need to change owners and modes, which "baseline" allows, and nothing that it forbids. */
const LABELS = { [MANAGED_BY_LABEL]: MANAGED_BY, 'pod-security.kubernetes.io/enforce': 'baseline' };

/**
 * Makes our namespace where it is missing. One that is just being deleted (by the end of another run) is waited for.
 * To be called under the cluster's lock, as {@link deleteGodwitNamespace}.
 */
export async function ensureGodwitNamespace(client: KubeClient, signal?: AbortSignal): Promise<void> {
  const found = await client.find(NAMESPACE, undefined, GODWIT_NAMESPACE, signal);
  if (found && !found.metadata.deletionTimestamp) return;
  if (found) await waitUntilGone(client, NAMESPACE, undefined, GODWIT_NAMESPACE, { signal, timeoutMs: GONE_TIMEOUT_MS });
  await ensureObject(
    client,
    NAMESPACE,
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: GODWIT_NAMESPACE, labels: LABELS } },
    signal,
  );
}

/** Deletes our namespace if it is ours and nothing of any run is left in it, nor a staged volume. */
export async function deleteGodwitNamespace(client: KubeClient, signal?: AbortSignal): Promise<void> {
  const found = await client.find(NAMESPACE, undefined, GODWIT_NAMESPACE, signal);
  if (found?.metadata.labels?.[MANAGED_BY_LABEL] !== MANAGED_BY) return;
  for (const type of [POD, PERSISTENT_VOLUME_CLAIM, SECRET, VOLUME_SNAPSHOT]) {
    for await (const _used of client.list(type, { namespace: GODWIT_NAMESPACE, labelSelector: RUN_LABEL, signal })) return;
  }
  const staged = { namespace: GODWIT_NAMESPACE, labelSelector: MIGRATION_LABEL, signal };
  for await (const _used of client.list(PERSISTENT_VOLUME_CLAIM, staged)) return;
  await client.delete(NAMESPACE, undefined, GODWIT_NAMESPACE, { uid: found.metadata.uid, signal });
  await waitUntilGone(client, NAMESPACE, undefined, GODWIT_NAMESPACE, { signal, timeoutMs: GONE_TIMEOUT_MS });
}
