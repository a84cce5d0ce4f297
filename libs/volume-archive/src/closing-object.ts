import { z } from 'zod';
import { archiveDamaged, isObjectNotFound } from './archive-errors.ts';
import type { ArchiveIdentity } from './archive-identity.ts';
import { closingKey } from './archive-keys.ts';
import type { PackStore } from './pack-store.ts';
import { digestPlain, drawSalt, openSealed, sealPlain } from './seal.ts';

/** What the last object of an archive says about the whole: an archive without it is not complete. */
const ClosingTotals = z.object({
  packs: z.number().int().nonnegative(),
  entries: z.number().int().nonnegative(),
  files: z.number().int().nonnegative(),
  bytes: z.number().int().nonnegative(),
  warnings: z.number().int().nonnegative(),
  /** Hex: chain value after the last pack. */
  digest: z.string().regex(/^[0-9a-f]{64}$/),
});
export type ClosingTotals = z.infer<typeof ClosingTotals>;

const WHAT = 'The closing object of the archive';
const MAX_CLOSING = 64 * 1024;

export async function sealClosing(identity: ArchiveIdentity, totals: ClosingTotals, startedAt: number): Promise<Buffer> {
  const plain = Buffer.from(JSON.stringify(totals));
  const digest = digestPlain(identity.key, identity.volumeId, plain);
  const chain = Buffer.from(totals.digest, 'hex');
  const { key, volumeId: name } = identity;
  return sealPlain({ key, kind: 'closing', name, number: totals.packs, startedAt, salt: drawSalt(), digest, chain }, plain);
}

/**
 * @returns undefined while the copy is not complete
 * @throws FatalError ArchiveDamaged
 */
export async function readClosing(
  store: PackStore,
  identity: ArchiveIdentity,
  signal?: AbortSignal,
): Promise<ClosingTotals | undefined> {
  let sealed: Buffer;
  try {
    sealed = await store.get(closingKey(identity.prefix), { signal });
  } catch (error) {
    if (isObjectNotFound(error)) return undefined;
    throw error;
  }
  const limits = { maxPlain: MAX_CLOSING, what: WHAT };
  const { plain } = await openSealed(identity.key, 'closing', identity.volumeId, sealed, limits);
  try {
    return ClosingTotals.parse(JSON.parse(plain.toString('utf8')));
  } catch (cause) {
    throw archiveDamaged(`${WHAT} is not one`, cause);
  }
}
