import type { StoredRun } from '@godwit/db/run-store';

/**
 * Whether a cluster that was created is to stay at the end of a run. One into which applications were moved may be in use; it
 * only goes when a rollback asks for it.
 *
 * @param begun names of the run's steps
 * @returns why it stays, as a sentence without its stop; undefined: it is deleted
 */
export function whyKept(
  {
    kind,
    outcome,
    deletesCluster,
    definition: { destination },
  }: Pick<StoredRun, 'kind' | 'outcome' | 'deletesCluster' | 'definition'>,
  begun: ReadonlySet<string>,
): string | undefined {
  if (destination.type === 'Registered') return 'the destination was not created';
  const cluster = `${destination.type} cluster ${destination.name}`;
  if (kind === 'Rollback') {
    if (!deletesCluster) return `${cluster} stays: its deletion was not asked for`;
    return outcome === 'Succeeded' ? undefined : `${cluster} stays, as the rollback did not succeed`;
  }
  if (!begun.has('provision-cluster')) return 'the creation of the destination had not begun';
  if (outcome === 'Succeeded') return `${cluster} stays, with what was moved into it`;
  if (begun.has('apply-resources')) return `${cluster} stays: objects were applied to it already. A rollback can delete it`;
  return undefined;
}
