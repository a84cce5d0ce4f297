import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { runSelector } from '@godwit/contracts/run-labels';
import type { RunObject } from '@godwit/db/run-object-store';
import { KubeRequestError } from '@godwit/kube/kube-error';
import { listMetadata } from '@godwit/kube/list-metadata';
import { apiVersionOf, type ResourceType } from '@godwit/kube/resource-type';
import { isRefusal, withRetries } from '../apply/retries.ts';
import { servedType } from '../apply/served-type.ts';
import { eachInFlight } from '../in-flight.ts';
import { decideCreated } from './decide-created.ts';
import { describeMet } from './met-by-others.ts';
import { IN_FLIGHT, type RollbackContext } from './rollback-context.ts';
import { recordKey } from './run-records.ts';
import { type Deleted, waitUntilAllGone } from './wait-until-gone.ts';

/** Why an object that may go stays all the same; undefined if it goes. */
export type KeepBecause = (type: ResourceType, live: KubernetesObject) => Promise<string | undefined>;

/**
 * Deletes what the run created of some kinds, and waits until it is gone. What the run noted and what carries its label are
 * looked at both, see {@link decideCreated}.
 *
 * @param keepBecause asked of each object just before it is deleted
 */
export async function deleteCreated(
  context: RollbackContext,
  types: readonly ResourceType[],
  records: ReadonlyMap<string, RunObject>,
  keepBecause: KeepBecause = async () => undefined,
): Promise<void> {
  const unseen = new Map(records);
  const deleted: Deleted[] = [];
  await eachInFlight(types, IN_FLIGHT, async (type) => {
    for (const metadata of await labelled(context, type, records)) {
      const live: KubernetesObject = { apiVersion: apiVersionOf(type), kind: type.kind, metadata };
      const key = recordKey(rowOf(live));
      const record = unseen.get(key);
      unseen.delete(key);
      await deleteOne(context, { type, live }, record, keepBecause, deleted);
    }
  });
  await eachInFlight(unseen.values(), IN_FLIGHT, (record) => deleteUnseen(context, record, keepBecause, deleted));
  const held = await waitUntilAllGone(context, deleted);
  for (const { live } of deleted) {
    const finalizers = held.get(live.metadata.uid ?? '');
    if (!finalizers) await context.outcomes.add(rowOf(live), 'Deleted');
    else await context.outcomes.add(rowOf(live), 'Failed', `it is being deleted, but not gone yet${heldBy(finalizers)}`);
  }
}

/** What one may not list is looked at one by one, if the run has noted any of it. */
async function labelled(
  { client, runId, signal }: RollbackContext,
  type: ResourceType,
  records: ReadonlyMap<string, RunObject>,
): Promise<KubernetesObject['metadata'][]> {
  try {
    const found = await Array.fromAsync(listMetadata(client, type, { labelSelector: runSelector(runId), signal }));
    return found.map(({ metadata }) => metadata);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof KubeRequestError) || error.status === 0 || error.status === 401) throw error;
    const isNoted = records.values().some(({ kind }) => kind === type.kind);
    // An aggregated API that does not answer, and of which the run has nothing, is no matter here.
    if (isNoted && !isRefusal(error)) throw error;
    return [];
  }
}

/** It is gone, or it has lost its label. */
async function deleteUnseen(
  context: RollbackContext,
  record: RunObject,
  keepBecause: KeepBecause,
  deleted: Deleted[],
): Promise<void> {
  const { client, discovery, outcomes, signal } = context;
  const type = servedType(discovery, record);
  if (!type) return outcomes.add(record, 'Deleted', 'its kind is not served any more');
  try {
    const live = await withRetries(signal, () => client.find(type, record.namespace || undefined, record.name, signal));
    if (!live) return await outcomes.add(record, 'Deleted', 'it is gone');
    await deleteOne(context, { type, live: { ...live, kind: type.kind } }, record, keepBecause, deleted);
  } catch (error) {
    if (signal.aborted || !isRefusal(error)) throw error;
    await outcomes.add(record, 'Failed', error.message);
  }
}

async function deleteOne(
  { client, runId, metByOthers, outcomes, signal }: RollbackContext,
  { type, live }: Deleted,
  record: RunObject | undefined,
  keepBecause: KeepBecause,
  deleted: Deleted[],
): Promise<void> {
  const decision = decideCreated(live, record, runId);
  if (decision.action === 'ignore') return;
  if (decision.action === 'leave') return outcomes.add(rowOf(live), 'Skipped', decision.reason);
  const met = metByOthers.get(recordKey(rowOf(live)));
  if (met) return outcomes.add(rowOf(live), 'Skipped', `${describeMet(met)}; roll that back first, then this again`);
  try {
    const reason = await keepBecause(type, live);
    if (reason) return await outcomes.add(rowOf(live), 'Skipped', reason);
    const { namespace, name, uid, deletionTimestamp } = live.metadata;
    if (!deletionTimestamp) await withRetries(signal, () => client.delete(type, namespace, name, { uid, signal }));
    deleted.push({ type, live });
  } catch (error) {
    if (signal.aborted || !isRefusal(error)) throw error;
    await outcomes.add(rowOf(live), 'Failed', error.message);
  }
}

function rowOf({ apiVersion, kind, metadata }: KubernetesObject): Omit<RunObject, 'outcome'> {
  const { namespace = '', name, uid } = metadata;
  return { apiVersion, kind, namespace, name, ...(uid ? { uid } : {}) };
}

function heldBy(finalizers: readonly string[]): string {
  return finalizers.length > 0
    ? `: it is held by the finalizers ${finalizers.join(', ')}; see to their controllers, then roll back again`
    : '; roll back again when it is';
}
