import type { Finding } from '@godwit/contracts/findings';
import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import type { FieldChange, ObjectOutcome } from '@godwit/contracts/run';
import type { KubeClient } from '@godwit/kube/kube-client';
import type { ResourceType } from '@godwit/kube/resource-type';
import { mergeRoleBinding, mergeServiceAccount } from '@godwit/transforms/merge-existing';
import { fieldChanges, isUnchanged } from '../apply/field-changes.ts';
import { explainNodePorts } from '../apply/node-port-conflict.ts';
import { onConflict, overExisting, withoutRunLabel } from '../apply/on-conflict.ts';
import { isRefusal } from '../apply/retries.ts';
import type { ExistingObjects } from './existing-objects.ts';
import { explainDryRun } from './explain-dry-run.ts';

/** Where and how a run would apply. */
export interface ForeseeContext {
  client: KubeClient;
  existing: ExistingObjects;
  /** Of the preview. */
  runId: string;
  /** Change what the destination has already. */
  overwrite: boolean;
  signal: AbortSignal;
}

/** What would become of an object. */
export interface Foreseen {
  outcome: ObjectOutcome;
  reason?: string;
  changes?: FieldChange[];
  /** About more than this object; the same one comes with others of its sort. */
  finding?: Finding;
}

/**
 * What a run would do to one object, by the same rules as it applies by, and what the destination's API server says to it in a
 * dry run. Nothing is written.
 *
 * @param manifest in the version of `type`
 * @throws KubeRequestError if it is the server that fails
 */
export async function foreseeObject(context: ForeseeContext, type: ResourceType, manifest: KubernetesObject): Promise<Foreseen> {
  const { namespace, name } = manifest.metadata;
  const live = await context.existing.find(type, namespace, name);
  if (!live) return foreseeCreation(context, type, manifest);
  if (live.metadata.deletionTimestamp) {
    return { outcome: 'Created', reason: 'the one of that name is just being deleted; a run waits until it is gone' };
  }
  const decision = onConflict(live, manifest, context);
  switch (decision.action) {
    case 'ours':
    case 'keep':
      return { outcome: 'Unchanged' };
    case 'leave':
      return { outcome: 'Skipped', reason: decision.reason };
    case 'merge-service-account':
      return foreseeMerge(live, mergeServiceAccount(live, withoutRunLabel(manifest)));
    case 'merge-role-binding':
      return foreseeMerge(live, mergeRoleBinding(live, manifest));
    case 'overwrite':
      return foreseeUpdate(context, type, live, overExisting(live, manifest));
  }
}

async function foreseeCreation(
  { client, existing, signal }: ForeseeContext,
  type: ResourceType,
  manifest: KubernetesObject,
): Promise<Foreseen> {
  const { namespace } = manifest.metadata;
  if (namespace && !existing.hasNamespace(namespace))
    return { outcome: 'Created', finding: untried(client.clusterName, namespace) };
  try {
    await client.tryCreate(type, manifest, signal);
    return { outcome: 'Created' };
  } catch (error) {
    if (signal.aborted || !isRefusal(error)) throw error;
    const { isFinal, reason, finding } = explainDryRun(error, manifest, client.clusterName);
    const ports = manifest.kind === 'Service' ? await explainNodePorts(client, error.message, signal) : undefined;
    return { outcome: isFinal ? 'Failed' : 'Created', reason: ports ?? reason, ...(finding ? { finding } : {}) };
  }
}

function untried(cluster: string, namespace: string): Finding {
  return {
    severity: 'note',
    reason: 'NotTried',
    object: `Namespace ${namespace}`,
    cluster,
    message: 'does not exist there yet, so an API server cannot try what goes into it; that is planned only',
  };
}

function foreseeMerge(live: KubernetesObject, merged: KubernetesObject): Foreseen {
  return isUnchanged(live, merged) ? { outcome: 'Unchanged' } : { outcome: 'Merged', changes: fieldChanges(live, merged) };
}

async function foreseeUpdate(
  { client, signal }: ForeseeContext,
  type: ResourceType,
  live: KubernetesObject,
  manifest: KubernetesObject,
): Promise<Foreseen> {
  try {
    const applied = await client.apply<KubernetesObject>(type, manifest, { force: true, dryRun: true, signal });
    return isUnchanged(live, applied) ? { outcome: 'Unchanged' } : { outcome: 'Updated', changes: fieldChanges(live, applied) };
  } catch (error) {
    if (signal.aborted || !isRefusal(error)) throw error;
    const { isFinal, reason, finding } = explainDryRun(error, manifest, client.clusterName);
    const told = finding ? { finding } : {};
    if (!isFinal) return { outcome: 'Updated', reason, ...told };
    return { outcome: 'Warned', reason: `exists on the destination and would not be changed: ${reason}`, ...told };
  }
}
