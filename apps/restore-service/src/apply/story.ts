import { describeObject } from '@godwit/contracts/kubernetes-object';
import type { ObjectOutcome } from '@godwit/contracts/run';
import type { RunObject } from '@godwit/db/run-object-store';

const NAMED = 20;
const WORDS: Record<ObjectOutcome, string> = {
  Created: 'created',
  Updated: 'updated',
  Merged: 'merged',
  Unchanged: 'unchanged',
  Skipped: 'skipped',
  Warned: 'not changed as asked',
  Failed: 'failed',
  Deleted: 'deleted',
  Restored: 'restored',
};

/** `Kind namespace/name` for people. */
export function describeRunObject({ kind, namespace, name }: Pick<RunObject, 'kind' | 'namespace' | 'name'>): string {
  return describeObject({ kind, metadata: { name, ...(namespace ? { namespace } : {}) } });
}

/** `42 objects: 38 created, 2 skipped` */
export function countOutcomes(objects: readonly RunObject[]): string {
  const counts = (Object.keys(WORDS) as ObjectOutcome[])
    .map((outcome) => ({ word: WORDS[outcome], count: objects.filter((object) => object.outcome === outcome).length }))
    .filter(({ count }) => count > 0)
    .map(({ word, count }) => `${count} ${word}`);
  return `${objects.length} ${objects.length === 1 ? 'object' : 'objects'}${counts.length > 0 ? `: ${counts.join(', ')}` : ''}`;
}

/** Names joined, and how many more there are where they are too many to read. */
export function nameSome(names: readonly string[], most = NAMED): string {
  const more = names.length - most;
  return more > 0 ? `${names.slice(0, most).join(', ')} and ${more} more` : names.join(', ');
}

/** The lines that tell what became of the objects, after the one that counts them. */
export function tellOutcomes(objects: readonly RunObject[]): { level: 'info' | 'warning'; message: string }[] {
  const skipped = objects.filter(({ outcome }) => outcome === 'Skipped');
  const byReason = Map.groupBy(skipped, ({ reason }) => reason ?? '');
  const failed = objects.filter(({ outcome }) => outcome === 'Failed');
  return [
    ...[...byReason].map(([reason, of]) => ({
      level: 'info' as const,
      message: `Skipped, ${reason}: ${nameSome(of.map(describeRunObject))}`,
    })),
    ...failed.slice(0, NAMED).map((object) => ({
      level: 'warning' as const,
      message: `Failed: ${describeRunObject(object)}: ${object.reason}`,
    })),
    ...(failed.length > NAMED ? [{ level: 'warning' as const, message: `${failed.length - NAMED} more objects failed` }] : []),
  ];
}
