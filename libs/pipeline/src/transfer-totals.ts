import type { TransferProgress, TransferTotals } from '@godwit/contracts/run';
import { secondsUntilMoved } from './transfer-rate.ts';

/** The two ways of a volume's data: from the source to the store, and from there to the destination. */
export type TransferSide = 'copy' | 'restore';

/** What is known of a volume of a run. */
export interface VolumeTransfer {
  capacityBytes: number;
  skipReason?: string | undefined;
  copy?: TransferProgress | undefined;
  restore?: TransferProgress | undefined;
}

/**
 * How far all volumes of a run are on one side. One whose size nobody knows yet counts with its capacity, filled as those are
 * whose size is known: with its whole capacity a run of almost empty volumes would seem endless.
 *
 * @param rate content bytes per second of all volumes together; undefined: nobody knows, or nothing moves
 * @returns undefined if no data is moved
 */
export function totalsOf(volumes: readonly VolumeTransfer[], side: TransferSide, rate?: number): TransferTotals | undefined {
  const moved = volumes.filter(({ skipReason }) => skipReason === undefined);
  if (moved.length === 0) return undefined;
  const sizes = moved.map((volume) => knownSize(volume, side));
  const fill = fillOf(moved, sizes);
  const bytesDone = sum(moved.map((volume) => volume[side]?.bytesDone ?? 0));
  const bytesTotal = sum(
    moved.map((volume, at) =>
      Math.max(volume[side]?.bytesDone ?? 0, sizes[at] ?? Math.round(volume.capacityBytes * (fill ?? 1))),
    ),
  );
  const files = moved.map((volume) => volume[side]?.filesTotal ?? volume.copy?.filesTotal ?? doneFiles(volume, side));
  const estimated = sizes.includes(undefined);
  // Of what nobody has looked into, nobody knows how long it takes.
  const etaSeconds = fill === undefined ? undefined : secondsUntilMoved(bytesTotal - bytesDone, rate);
  return {
    bytesDone,
    bytesTotal,
    estimated,
    filesDone: sum(moved.map((volume) => volume[side]?.filesDone ?? 0)),
    ...(files.includes(undefined) ? {} : { filesTotal: sum(files.map((count) => count ?? 0)) }),
    ...(rate !== undefined && bytesDone < bytesTotal ? { rate: Math.round(rate) } : {}),
    ...(etaSeconds === undefined ? {} : { etaSeconds }),
  };
}

/**
 * How far a run is with its data: what is there on the destination, and until when the later of both sides takes.
 *
 * @returns undefined if no data is moved
 */
export function runTotals(copy: TransferTotals | undefined, restore: TransferTotals | undefined): TransferTotals | undefined {
  if (!copy || !restore) return restore ?? copy;
  const { etaSeconds: restored, ...totals } = restore;
  const copied = copy.bytesDone >= copy.bytesTotal ? 0 : copy.etaSeconds;
  if (restored === undefined || copied === undefined) return totals;
  return { ...totals, etaSeconds: Math.max(restored, copied) };
}

/** Bytes of a volume's content; undefined before anybody has looked. A finished side has moved what there was. */
function knownSize(volume: VolumeTransfer, side: TransferSide): number | undefined {
  if (volume[side]?.finishedAt !== undefined) return volume[side].bytesDone;
  return volume[side]?.bytesTotal ?? volume.copy?.bytesTotal;
}

function doneFiles(volume: VolumeTransfer, side: TransferSide): number | undefined {
  return volume[side]?.finishedAt === undefined ? undefined : volume[side].filesDone;
}

/** How full volumes are, 0 to 1, by those whose size is known; undefined if it is known of none. */
function fillOf(volumes: readonly VolumeTransfer[], sizes: readonly (number | undefined)[]): number | undefined {
  const known = volumes.flatMap(({ capacityBytes }, at) => (sizes[at] === undefined ? [] : [{ capacityBytes, size: sizes[at] }]));
  if (known.length === 0) return undefined;
  const capacity = sum(known.map(({ capacityBytes }) => capacityBytes));
  return capacity === 0 ? 1 : Math.min(1, sum(known.map(({ size }) => size)) / capacity);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
