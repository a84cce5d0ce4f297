import { asked, nativeCore } from './native.ts';
import type { CompleteArchive } from './open-archive.ts';
import type { VolumeTask, VolumeTotals } from './volume-task.ts';

/**
 * Reads a whole archive and writes nothing: the seals of all packs, their chain and digests, each record and whether it may stand where
 * it does, the rows of the index and whether they tell of the same entries, and what packs and closing object count.
 * @returns what the archive holds
 * @throws FatalError ArchiveDamaged, naming the damage that comes first
 */
export async function verifyArchive(archive: CompleteArchive, mode: VolumeTask['mode']): Promise<VolumeTotals> {
  const { closing } = archive;
  const writer = await asked(
    () => new (nativeCore().NativeWriter)({ isImage: mode === 'Block', isIndexed: closing.indexKey !== undefined }),
  );
  let storedBytes = 0;
  for await (const pack of archive.packs()) {
    await asked(() => writer.apply(pack.plain));
    storedBytes += pack.storedBytes;
  }
  await asked(() => writer.finish(closing));
  const { files, bytes } = writer.counts();
  const { packs, warnings, digest, base } = closing;
  return { bytes, files, packs, storedBytes, warnings, digest, ...(base ? { base } : {}) };
}
