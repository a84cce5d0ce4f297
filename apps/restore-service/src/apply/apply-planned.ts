import { RetryableError } from '@godwit/contracts/errors';
import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { KubeRequestError } from '@godwit/kube/kube-error';
import type { ResourceType } from '@godwit/kube/resource-type';
import { type ApplyContext, type ApplyResult, applyObject, type RememberPrevious } from './apply-object.ts';
import { backendsOf, waitForBackends } from './backends.ts';
import { waitForDefinition } from './definitions.ts';
import type { MovedVolume } from './moved-claims.ts';
import { explainNodePorts } from './node-port-conflict.ts';
import { onConflict } from './on-conflict.ts';
import { rebindVolume } from './rebind-volume.ts';
import { isRefusal, withRetries } from './retries.ts';
import { waitForVolume } from './wait-for-volume.ts';

/**
 * Applies one object with all that belongs to it: what must be there before, its data, what must be true afterwards. A refusal of
 * the API server is an outcome; it does not hold up other objects.
 *
 * @param manifest in the version of `type`
 * @param moved the volume with the data of a claim
 * @throws KubeRequestError if it is the server that fails
 */
export async function applyPlanned(
  context: ApplyContext,
  type: ResourceType,
  manifest: KubernetesObject,
  moved: MovedVolume | undefined,
  remember: RememberPrevious,
): Promise<ApplyResult> {
  const { client, signal } = context;
  try {
    const blocked = (await staysAsItIs(context, type, manifest)) ? undefined : await waitForBackends(context, manifest);
    if (blocked) return { outcome: 'Failed', reason: blocked };
    const result = await withRetries(signal, () =>
      moved ? rebindVolume(context, manifest, moved) : applyObject(context, type, manifest, remember),
    );
    if (manifest.kind === 'CustomResourceDefinition') {
      const unserved = await waitForDefinition(client, manifest.metadata.name, signal);
      return unserved ? { outcome: 'Failed', reason: `the API server does not serve it: ${unserved}` } : result;
    }
    if (manifest.kind === 'PersistentVolume' && result.outcome === 'Created') {
      await waitForVolume(client, manifest.metadata.name, signal);
    }
    return manifest.status ? await applyStatus(context, type, manifest, result) : result;
  } catch (error) {
    if (signal.aborted) throw error;
    // What is waited for in vain holds up this object and no other; only data must not be given up for that.
    if (error instanceof RetryableError && !(error instanceof KubeRequestError) && !moved) {
      return { outcome: 'Failed', reason: error.message };
    }
    if (!isRefusal(error)) throw error;
    const ports = manifest.kind === 'Service' ? await explainNodePorts(client, error.message, signal) : undefined;
    return { outcome: 'Failed', reason: ports ?? error.message };
  }
}

/** What the destination has and keeps needs no backend of ours: it is there with or without one. */
async function staysAsItIs(context: ApplyContext, type: ResourceType, manifest: KubernetesObject): Promise<boolean> {
  if (backendsOf(manifest).length === 0) return false;
  const { namespace, name } = manifest.metadata;
  const live = await withRetries(context.signal, () => context.client.find(type, namespace, name, context.signal));
  if (!live || live.metadata.deletionTimestamp) return false;
  const { action } = onConflict(live, manifest, context);
  return action === 'leave' || action === 'keep' || action === 'ours';
}

/** A manifest has its status only where that was asked for (rule 5); controllers may change it from then on. */
async function applyStatus(
  { client, signal }: ApplyContext,
  type: ResourceType,
  manifest: KubernetesObject,
  result: ApplyResult,
): Promise<ApplyResult> {
  if (result.outcome !== 'Created' && result.outcome !== 'Updated') return result;
  try {
    await withRetries(signal, () => client.applyStatus(type, manifest, signal));
    return result;
  } catch (error) {
    if (signal.aborted || !isRefusal(error)) throw error;
    return { ...result, warning: true, reason: `is there, but its status was refused: ${error.message}` };
  }
}
