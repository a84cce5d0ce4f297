import type { RunObject, RunObjectStore } from '@godwit/db/run-object-store';
import { KubeRequestError } from '@godwit/kube/kube-error';
import { isRefusal, withRetries } from '../apply/retries.ts';
import { servedType } from '../apply/served-type.ts';
import { eachInFlight } from '../in-flight.ts';
import { decideRestore } from './decide-restore.ts';
import { isWrittenByUs } from './managed-fields.ts';
import { describeMet } from './met-by-others.ts';
import { IN_FLIGHT, type RollbackContext } from './rollback-context.ts';
import { recordKey } from './run-records.ts';

/** Writers may come between our look and our write so often before an object is left to them. */
const TRIES = 5;

/**
 * Puts back what the run has updated or merged, unless others have changed it since.
 *
 * @param appliedUntil when the run was done with applying
 */
export async function restoreChanged(
  context: RollbackContext,
  store: Pick<RunObjectStore, 'previous'>,
  records: readonly RunObject[],
  appliedUntil: Date,
): Promise<void> {
  const { outcomes, signal } = context;
  await eachInFlight(records, IN_FLIGHT, async (record) => {
    try {
      await restoreOne(context, store, record, appliedUntil);
    } catch (error) {
      if (signal.aborted || !isRefusal(error)) throw error;
      await outcomes.add(record, 'Failed', `it cannot be put back: ${error.message}`);
    }
  });
}

async function restoreOne(
  { client, discovery, runId, metByOthers, outcomes, signal }: RollbackContext,
  store: Pick<RunObjectStore, 'previous'>,
  record: RunObject,
  appliedUntil: Date,
): Promise<void> {
  const previous = await store.previous(runId, record);
  const type = servedType(discovery, record);
  // Of what was refused or cut off it is not known whether it was changed at all.
  const isCertain = record.outcome === 'Updated' || record.outcome === 'Merged';
  if (!previous && !isCertain) return;
  if (!previous) return outcomes.add(record, 'Skipped', 'the run has not kept what it was before');
  if (!type) return outcomes.add(record, 'Skipped', 'its kind is not served any more');
  const met = metByOthers.get(recordKey(record));
  if (met?.changed) return outcomes.add(record, 'Skipped', `${describeMet(met)}; roll that back first, then this again`);
  for (let tries = 1; ; tries++) {
    const live = await withRetries(signal, () => client.find(type, record.namespace || undefined, record.name, signal));
    const decision = decideRestore(live, previous, appliedUntil);
    if (decision.action === 'none') return isCertain ? outcomes.add(record, 'Restored') : undefined;
    // What the run was refused to write, or never came to, is not the rollback's to tell of.
    if (decision.action === 'leave' && !isCertain && !(live && isWrittenByUs(live))) return;
    if (decision.action === 'leave') return outcomes.add(record, 'Skipped', decision.reason);
    try {
      await client.replace(type, decision.manifest, signal);
      return await outcomes.add(record, 'Restored');
    } catch (error) {
      if (!KubeRequestError.is(error, 'Conflict') || tries === TRIES) throw error;
    }
  }
}
