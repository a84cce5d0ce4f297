import { z } from 'zod';
import { archiveDamaged, isObjectNotFound } from './archive-errors.ts';
import type { ArchiveIdentity } from './archive-identity.ts';
import { closingKey } from './archive-keys.ts';
import type { PackStore } from './pack-store.ts';
import { openBytes, sealBytes } from './seal.ts';
import { NO_BASE } from './sealed-header.ts';

const Hex32 = z.string().regex(/^[0-9a-f]{64}$/);

/** What the last object of an archive says about the whole: an archive without it is not complete. */
const ClosingTotals = z.object({
  packs: z.number().int().nonnegative(),
  entries: z.number().int().nonnegative(),
  files: z.number().int().nonnegative(),
  bytes: z.number().int().nonnegative(),
  warnings: z.number().int().nonnegative(),
  /** Hex: chain value after the last pack. */
  digest: Hex32,
  /** Hex: digest of the archive that this one is based on; none: it stands alone. */
  base: Hex32.optional(),
  /** Hex: key of the digests in the index; none: there is no index. */
  indexKey: Hex32.optional(),
});
export type ClosingTotals = z.infer<typeof ClosingTotals>;

const WHAT = 'The closing object of the archive';
const MAX_CLOSING = 64 * 1024;

export function sealClosing(identity: ArchiveIdentity, totals: ClosingTotals, startedAt: number): Buffer {
  const plain = Buffer.from(JSON.stringify(totals));
  const chain = Buffer.from(totals.digest, 'hex');
  const base = baseMark(totals.base);
  return sealBytes(
    identity.key,
    { kind: 'closing', name: identity.volumeId, number: totals.packs, startedAt, chain, base },
    plain,
  );
}

/** @returns what the headers of a delta tell of the digest of its base */
export function baseMark(digest: string | undefined): Buffer {
  return digest === undefined ? NO_BASE : Buffer.from(digest, 'hex').subarray(0, NO_BASE.length);
}

/**
 * @returns undefined while the copy is not complete
 * @throws FatalError ArchiveDamaged
 */
export async function readClosing(
  store: PackStore,
  identity: ArchiveIdentity,
  signal?: AbortSignal,
): Promise<(ClosingTotals & { startedAt: number }) | undefined> {
  let sealed: Buffer;
  try {
    sealed = await store.get(closingKey(identity.prefix), { signal });
  } catch (error) {
    if (isObjectNotFound(error)) return undefined;
    throw error;
  }
  const limits = { maxPlain: MAX_CLOSING, what: WHAT };
  const { header, plain } = openBytes(identity.key, 'closing', identity.volumeId, sealed, limits);
  try {
    return { ...ClosingTotals.parse(JSON.parse(plain.toString('utf8'))), startedAt: header.startedAt };
  } catch (cause) {
    throw archiveDamaged(`${WHAT} is not one`, cause);
  }
}
