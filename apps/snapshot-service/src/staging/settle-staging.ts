import type { VolumeArchive } from '@godwit/contracts/volume-staging';
import type { StoredRun } from '@godwit/db/run-store';
import type { StagedVolume } from '@godwit/db/staged-volume-store';
import type { RunVolume } from '@godwit/db/volume-store';

/** What becomes of what is staged when a run of the migration ends. */
export interface Settlement {
  /** Nothing goes on from these any more. */
  discard: StagedVolume[];
  /** Archives that a later one has taken the place of. */
  superseded: VolumeArchive[];
  /** Claims whose volumes were made anew. */
  replaced: { clusterId: string; claimName: string }[];
  /** Ids of volumes of the run whose archives the next stage goes on from. */
  keptArchives: Set<string>;
}

/**
 * A cut-over that succeeds ends the staging; a stage that succeeds drops what is not selected any more; whatever else ends keeps all
 * that is there still.
 *
 * @param rows of the migration
 * @param isThere whether the claim of a row is on the destination and is the one that was filled
 */
export function settleStaging(
  run: Pick<StoredRun, 'id' | 'kind' | 'outcome'>,
  volumes: readonly RunVolume[],
  rows: readonly StagedVolume[],
  isThere: (row: StagedVolume) => boolean,
): Settlement {
  const succeeded = run.outcome === 'Succeeded';
  const isOver = succeeded && run.kind === 'CutOver';
  const isWanted = (row: StagedVolume) =>
    volumes.some(({ namespace, name, skipReason }) => !skipReason && namespace === row.namespace && name === row.name);
  const goes = (row: StagedVolume) => isOver || !isThere(row) || (succeeded && !isWanted(row));
  const kept = rows.filter((row) => !goes(row));
  const isKept = ({ runId, volumeId }: Pick<VolumeArchive, 'runId' | 'volumeId'>) =>
    kept.some(({ archive }) => archive?.runId === runId && archive.volumeId === volumeId);
  return {
    discard: rows.filter(goes),
    superseded: volumes.flatMap(({ staging }) => (staging?.last && !isKept(staging.last) ? [staging.last] : [])),
    replaced: volumes.flatMap(({ staging }) => {
      const { replaces } = staging ?? {};
      return replaces && !rows.some(({ claimName }) => claimName === replaces.claimName) ? [replaces] : [];
    }),
    keptArchives: new Set(volumes.map(({ id }) => id).filter((volumeId) => isKept({ runId: run.id, volumeId }))),
  };
}
