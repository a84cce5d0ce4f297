import { archiveDamaged } from './archive-errors.ts';
import type { ArchiveIdentity } from './archive-identity.ts';
import { asked, nativeCore, type PlainPack, type SealedPack } from './native.ts';
import { digestKey, sealingKey } from './seal.ts';
import { bindingOf, decodeHeader, type SealedHeader } from './sealed-header.ts';

/** Plain bytes of a pack. */
export const PACK_SIZE = 8 * 1024 * 1024;
/** What a reader takes at most. */
const MAX_PACK = 2 * PACK_SIZE;

export const packName = (number: number): string => `Pack ${number} of the archive`;

/**
 * @param bytes of a pack, its header at least
 * @throws FatalError ArchiveDamaged unless this is the header of that pack of that volume
 */
export function packHeader({ volumeId }: ArchiveIdentity, number: number, bytes: Buffer): SealedHeader {
  const what = packName(number);
  const header = decodeHeader(bytes, 'pack', what);
  if (!header.binding.equals(bindingOf(volumeId))) throw archiveDamaged(`${what} belongs to something else in the archive`);
  if (header.number !== number) throw archiveDamaged(`${what} is really pack ${header.number}: packs were swapped`);
  return header;
}

/** Opens a pack; `sealed` is used up. @throws FatalError ArchiveDamaged */
export function openPackOf(identity: ArchiveIdentity, number: number, sealed: SealedPack): Promise<PlainPack> {
  const { key, volumeId } = identity;
  const { salt } = packHeader(identity, number, sealed.header);
  return asked(() =>
    nativeCore().openPack(sealed, sealingKey(key, volumeId, salt), digestKey(key, volumeId), MAX_PACK, packName(number)),
  );
}
