import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import type { FieldChange, ObjectOutcome } from '@godwit/contracts/run';
import type { KubeClient } from '@godwit/kube/kube-client';
import { KubeRequestError } from '@godwit/kube/kube-error';
import type { ResourceType } from '@godwit/kube/resource-type';
import { waitUntilGone } from '@godwit/kube/watch';
import { mergeRoleBinding, mergeServiceAccount } from '@godwit/transforms/merge-existing';
import { adoptFieldsPatch } from './adopt-fields.ts';
import { fieldChanges, isUnchanged } from './field-changes.ts';
import { onConflict, overExisting, withoutRunLabel } from './on-conflict.ts';

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

/** Writes down what an object is before it is changed, so that the run can be taken back wherever it is cut off. */
export type RememberPrevious = (live: KubernetesObject) => Promise<void>;

/** What became of one object. */
export interface ApplyResult {
  outcome: ObjectOutcome;
  /** Why, where it is not plain. */
  reason?: string;
  /** The object as the destination has it now. */
  live?: KubernetesObject;
  /** The reason is something that people should see to. */
  warning?: boolean;
  /** What was changed of an object that was there before. */
  changes?: FieldChange[];
  /** The object as it was before it was changed. */
  previous?: KubernetesObject;
}

/**
 * Creates an object, or does to the one that is there what the mode says. May be called again after it was cut off anywhere.
 *
 * @param manifest with the run's label
 * @throws KubeRequestError if the object cannot be created
 */
export async function applyObject(
  context: ApplyContext,
  type: ResourceType,
  manifest: KubernetesObject,
  remember: RememberPrevious,
): Promise<ApplyResult> {
  const { client, signal } = context;
  const { namespace, name } = manifest.metadata;
  for (;;) {
    try {
      const warned = new Warned();
      return { outcome: 'Created', live: await client.create(type, manifest, signal, warned.add), ...warned.told };
    } catch (error) {
      if (!KubeRequestError.is(error, 'AlreadyExists')) throw error;
    }
    const live = await client.find(type, namespace, name, signal);
    if (live?.metadata.deletionTimestamp) {
      await waitUntilGone(client, type, namespace, name, { signal, timeoutMs: GONE_TIMEOUT_MS });
    } else if (live) {
      return await meetExisting(context, type, live, manifest, remember);
    }
  }
}

async function meetExisting(
  context: ApplyContext,
  type: ResourceType,
  live: KubernetesObject,
  manifest: KubernetesObject,
  remember: RememberPrevious,
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
      return merge(context, type, live, mergeServiceAccount(live, withoutRunLabel(manifest)), remember);
    case 'merge-role-binding':
      return merge(context, type, live, mergeRoleBinding(live, manifest), remember);
    case 'overwrite':
      return overwrite(context, type, live, overExisting(live, manifest), remember);
  }
}

/** The resource version guards what others change meanwhile: a conflict is met by reading and merging again. */
async function merge(
  { client, signal }: ApplyContext,
  type: ResourceType,
  live: KubernetesObject,
  merged: KubernetesObject,
  remember: RememberPrevious,
): Promise<ApplyResult> {
  if (isUnchanged(live, merged)) return { outcome: 'Unchanged', live };
  await remember(live);
  const { resourceVersion, labels, annotations } = merged.metadata;
  const { secrets, imagePullSecrets, subjects } = merged;
  const patch = { metadata: { resourceVersion, labels, annotations }, secrets, imagePullSecrets, subjects };
  const patched = await client.patch(type, live.metadata.namespace, live.metadata.name, patch, signal);
  return { outcome: 'Merged', live: patched, changes: fieldChanges(live, patched), previous: live };
}

/** What the API server refuses to change (immutable fields, pods) stays as it is, and the reason is told (rule 38). */
async function overwrite(
  { client, signal }: ApplyContext,
  type: ResourceType,
  live: KubernetesObject,
  manifest: KubernetesObject,
  remember: RememberPrevious,
): Promise<ApplyResult> {
  try {
    await remember(live);
    const adopt = adoptFieldsPatch(live);
    if (adopt) await client.jsonPatch(type, live.metadata.namespace, live.metadata.name, adopt, signal);
    const warned = new Warned();
    const applied = await client.apply(type, manifest, { force: true, signal, onWarnings: warned.add });
    if (isUnchanged(live, applied)) return { outcome: 'Unchanged', live: applied, ...warned.told };
    return { outcome: 'Updated', live: applied, changes: fieldChanges(live, applied), previous: live, ...warned.told };
  } catch (error) {
    if (!(error instanceof KubeRequestError) || error.kind === 'retryable' || error.status === 401) throw error;
    return { outcome: 'Warned', reason: `exists on the destination and was not changed: ${error.message}`, live, warning: true };
  }
}

/** Most definitions name formats such as `int32`, which is of no consequence. */
const HARMLESS = /^unrecognized format /;

/** What the API server took, and had something to say about: a field that it does not know is lost. */
class Warned {
  private readonly warnings: string[] = [];

  readonly add = (warnings: string[]): void => {
    this.warnings.push(...warnings.filter((warning) => !HARMLESS.test(warning)));
  };

  get told(): Pick<ApplyResult, 'reason' | 'warning'> {
    return this.warnings.length > 0 ? { warning: true, reason: `the API server warns: ${this.warnings.join('; ')}` } : {};
  }
}
