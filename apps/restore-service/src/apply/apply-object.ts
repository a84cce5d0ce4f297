import { isDeepStrictEqual } from 'node:util';
import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import type { ObjectOutcome } from '@godwit/contracts/run';
import type { KubeClient } from '@godwit/kube/kube-client';
import { KubeRequestError } from '@godwit/kube/kube-error';
import type { ResourceType } from '@godwit/kube/resource-type';
import { waitUntilGone } from '@godwit/kube/watch';
import { mergeRoleBinding, mergeServiceAccount } from '@godwit/transforms/merge-existing';
import { isUnchanged, onConflict, withoutRunLabel } from './on-conflict.ts';

/** How long an object of the same name that is just being deleted is waited for (rule 18). */
const GONE_TIMEOUT_MS = 120_000;

/** Where to and how objects are applied. */
export interface ApplyContext {
  client: KubeClient;
  runId: string;
  /** Change what the destination has already. */
  overwrite: boolean;
  signal: AbortSignal;
}

/** What became of one object. */
export interface ApplyResult {
  outcome: ObjectOutcome;
  /** Why, where it is not plain. */
  reason?: string;
  /** The object as the destination has it now. */
  live?: KubernetesObject;
  /** The reason is something that people should see to. */
  warning?: boolean;
}

/**
 * Creates an object, or does to the one that is there what the mode says. May be called again after it was cut off anywhere.
 *
 * @param manifest with the run's label
 * @throws KubeRequestError if the object cannot be created
 */
export async function applyObject(context: ApplyContext, type: ResourceType, manifest: KubernetesObject): Promise<ApplyResult> {
  const { client, signal } = context;
  const { namespace, name } = manifest.metadata;
  for (;;) {
    try {
      return { outcome: 'Created', live: await client.create(type, manifest, signal) };
    } catch (error) {
      if (!KubeRequestError.is(error, 'AlreadyExists')) throw error;
    }
    const live = await client.find(type, namespace, name, signal);
    if (live?.metadata.deletionTimestamp) {
      await waitUntilGone(client, type, namespace, name, { signal, timeoutMs: GONE_TIMEOUT_MS });
    } else if (live) {
      return await meetExisting(context, type, live, manifest);
    }
  }
}

async function meetExisting(
  context: ApplyContext,
  type: ResourceType,
  live: KubernetesObject,
  manifest: KubernetesObject,
): Promise<ApplyResult> {
  const decision = onConflict(live, manifest, context);
  switch (decision.action) {
    case 'ours':
      return { outcome: 'Created', live };
    case 'keep':
      return { outcome: 'Unchanged', live };
    case 'leave':
      return { outcome: 'Skipped', reason: decision.reason, live };
    case 'merge-service-account':
      return merge(context, type, live, mergeServiceAccount(live, withoutRunLabel(manifest)));
    case 'merge-role-binding':
      return merge(context, type, live, mergeRoleBinding(live, manifest));
    case 'overwrite':
      return overwrite(context, type, live, withoutRunLabel(manifest));
  }
}

/** The resource version guards what others change meanwhile: a conflict is met by reading and merging again. */
async function merge(
  { client, signal }: ApplyContext,
  type: ResourceType,
  live: KubernetesObject,
  merged: KubernetesObject,
): Promise<ApplyResult> {
  if (isDeepStrictEqual(live, merged)) return { outcome: 'Unchanged', live };
  const { resourceVersion, labels, annotations } = merged.metadata;
  const { secrets, imagePullSecrets, subjects } = merged;
  const patch = { metadata: { resourceVersion, labels, annotations }, secrets, imagePullSecrets, subjects };
  const patched = await client.patch(type, live.metadata.namespace, live.metadata.name, patch, signal);
  return { outcome: 'Merged', live: patched };
}

/** What the API server refuses to change (immutable fields, pods) stays as it is, and the reason is told (rule 38). */
async function overwrite(
  { client, signal }: ApplyContext,
  type: ResourceType,
  live: KubernetesObject,
  manifest: KubernetesObject,
): Promise<ApplyResult> {
  try {
    const applied = await client.apply(type, manifest, { force: true, signal });
    return { outcome: isUnchanged(live, applied) ? 'Unchanged' : 'Updated', live: applied };
  } catch (error) {
    if (!(error instanceof KubeRequestError) || error.kind === 'retryable' || error.status === 401) throw error;
    return { outcome: 'Skipped', reason: `exists on the destination and was not changed: ${error.message}`, live, warning: true };
  }
}
