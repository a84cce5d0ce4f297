import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { RUN_LABEL } from '@godwit/contracts/labels';
import { isWrittenByUs } from './managed-fields.ts';

const PROVISIONED_BY = 'pv.kubernetes.io/provisioned-by';

/** What the run has noted of an object that it created. */
export interface CreatedRecord {
  uid?: string | undefined;
}

export type CreatedDecision =
  | { action: 'delete' }
  /** It carries the run's label, but the run did not make it. */
  | { action: 'ignore' }
  | { action: 'leave'; reason: string };

/**
 * Whether a rollback deletes an object (rule 39): only what the run itself created and nobody has taken over. Controllers copy
 * labels (a Service's to its EndpointSlices) and people copy manifests, so the label alone says nothing; a run that was cut off
 * has not noted what it made last, so the notes alone do not either.
 *
 * @param record of the object in the run, if it has noted that it created it
 */
export function decideCreated(live: KubernetesObject, record: CreatedRecord | undefined, runId: string): CreatedDecision {
  const labelled = live.metadata.labels?.[RUN_LABEL] === runId;
  if (!record) return labelled && isMadeByUs(live) ? { action: 'delete' } : { action: 'ignore' };
  if (record.uid !== undefined && record.uid !== live.metadata.uid) {
    return { action: 'leave', reason: 'somebody has made it anew since the run: it has another UID' };
  }
  if (!labelled)
    return { action: 'leave', reason: 'it does not carry the label of the run any more: somebody has taken it over' };
  return { action: 'delete' };
}

/** A provisioned volume is its provisioner's, though we have written into it: it goes with its claim, by its reclaim policy. */
function isMadeByUs(live: KubernetesObject): boolean {
  if (live.metadata.annotations?.[PROVISIONED_BY] !== undefined) return false;
  return isWrittenByUs(live);
}
