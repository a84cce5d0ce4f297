import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { FIELD_MANAGER } from '@godwit/contracts/labels';
import { isUnchanged } from '../apply/field-changes.ts';
import { type ManagedFields, managersOf } from './managed-fields.ts';

/** By so much the clock of an API server may be ahead of ours. */
const CLOCK_SKEW_MS = 30_000;

export type RestoreDecision =
  /** It is as it was. */
  { action: 'none' } | { action: 'replace'; manifest: KubernetesObject } | { action: 'leave'; reason: string };

/**
 * Whether an object is put back to what it was before the run changed it: only if nobody else has changed it since, as that
 * change would be lost. Who did is told by the API server's own notes; what controllers write into subresources (status,
 * scale) does not count.
 *
 * @param appliedUntil when the run was done with applying
 */
export function decideRestore(
  live: KubernetesObject | undefined,
  previous: KubernetesObject,
  appliedUntil: Date,
): RestoreDecision {
  if (!live || live.metadata.deletionTimestamp) return { action: 'leave', reason: 'it was deleted since the run changed it' };
  if (live.metadata.uid !== previous.metadata.uid) {
    return { action: 'leave', reason: 'somebody has made it anew since the run: it has another UID' };
  }
  if (isUnchanged(previous, live)) return { action: 'none' };
  const change = changeSince(managersOf(live), appliedUntil);
  return change ? { action: 'leave', reason: change } : { action: 'replace', manifest: replacement(live, previous) };
}

function changeSince(managers: readonly ManagedFields[], appliedUntil: Date): string | undefined {
  const writers = managers.filter(({ subresource }) => !subresource);
  const ours = writers.filter(({ manager }) => manager === FIELD_MANAGER);
  if (ours.length === 0) return 'nothing that the run wrote is left in it: others have changed it since';
  const written = Math.max(...ours.map(timeOf));
  if (written > appliedUntil.getTime() + CLOCK_SKEW_MS) return `a later run of godwit has changed it (${iso(written)})`;
  const later = writers.filter((entry) => entry.manager !== FIELD_MANAGER && timeOf(entry) > written);
  if (later.length === 0) return undefined;
  const named = later.map((entry) => `${entry.manager ?? 'an unnamed client'} (${iso(timeOf(entry))})`);
  return `it was changed since the run, by ${named.join(', ')}`;
}

function timeOf({ time }: ManagedFields): number {
  return time ? Date.parse(time) : 0;
}

const iso = (time: number) => new Date(time).toISOString();

/** The resource version guards what others change between our look and our write. */
function replacement(live: KubernetesObject, { status: _, ...previous }: KubernetesObject): KubernetesObject {
  return { ...previous, metadata: { ...previous.metadata, resourceVersion: live.metadata.resourceVersion! } };
}
