import { MAX_STREAMS } from '@godwit/contracts/mover-protocol';

/** What a stream should have to do at least: four packs. So a small volume never gets more than one or two. */
const WORTH_A_STREAM = 32 * 2 ** 20;
/** A volume of unknown size counts as one of this. */
const ASSUMED_BYTES = 2 ** 30;
/** Streams go from one volume to another only if the longest transfer is then so much shorter: else they would go to and fro. */
const WORTH_A_MOVE = 0.8;

/** A volume on one side of a run. */
export interface StreamVolume {
  id: string;
  /** In flight; or it may start as soon as a stream is free; or it may start later: what it needs is not done yet. */
  state: 'moving' | 'waiting' | 'coming';
  bytesLeft?: number | undefined;
  /** How many streams it was told to use; none if it does not move yet. */
  streams: number;
  /** The most that it may be using: more than it was told until it has given the surplus back. */
  held: number;
}

/** Streams that were planned for, of a volume that moves or is to start. */
interface Share {
  volume: StreamVolume;
  bytesLeft: number;
  /** More would have too little to do. */
  most: number;
  streams: number;
}

/**
 * Shares the streams of one side of a run out. What moves keeps one; what waits comes next, in its order; one is kept for each
 * volume that is still to come, so that it need not wait until others have given one back; the rest goes where most is left to
 * do. What all may be using together never exceeds the budget: a stream that is to be given back is free only when it was.
 * Asked again with what it answered, it answers the same.
 *
 * @returns streams of each volume that moves or is to start now, by id: 1 to 16
 */
export function allocateStreams(volumes: readonly StreamVolume[], budget: number): Map<string, number> {
  const planned = plan(volumes, budget);
  return grant(planned, budget);
}

function plan(volumes: readonly StreamVolume[], budget: number): Share[] {
  const moving = volumes.filter(({ state }) => state === 'moving');
  const starting = volumes.filter(({ state }) => state === 'waiting').slice(0, Math.max(0, budget - moving.length));
  const coming = volumes.filter(({ state }) => state === 'coming').length;
  const shares = [...moving, ...starting].map(toShare);

  let free = budget - sum(shares, ({ streams }) => streams);
  if (free < 0) takeBack(shares, -free);
  free = Math.max(0, free) - Math.min(coming, Math.max(0, budget - shares.length));
  for (; free > 0; free--) {
    const neediest = mostInNeed(shares);
    if (!neediest) break;
    neediest.streams++;
  }
  const balanced = balance(shares, Math.max(0, -free));
  return longest(balanced) <= longest(shares) * WORTH_A_MOVE ? balanced : shares;
}

/**
 * @param missing streams that should be kept for volumes to come and are in use: as soon as anything moves, they come first
 * @returns the shares after all moves of a stream that make the longest transfer shorter
 */
function balance(before: readonly Share[], missing: number): Share[] {
  const shares = before.map((share) => ({ ...share }));
  takeBack(shares, missing);
  for (;;) {
    const recipient = mostInNeed(shares);
    const donor = leastHurt(shares.filter((share) => share !== recipient));
    if (!recipient || !donor || timeOf(donor, -1) >= timeOf(recipient)) return shares;
    recipient.streams++;
    donor.streams--;
  }
}

/** Takes streams where it hurts least; each keeps one. */
function takeBack(shares: readonly Share[], count: number): void {
  for (let taken = 0; taken < count; taken++) {
    const donor = leastHurt(shares);
    if (!donor) return;
    donor.streams--;
  }
}

/** Of what is planned, as much as is free: those that start first, then where the need is greatest. */
function grant(planned: readonly Share[], budget: number): Map<string, number> {
  let free = budget - sum(planned, ({ volume }) => mayUse(volume));
  const granted: (Share & { planned: number })[] = [];
  for (const share of planned) {
    // What a volume still holds it may have again.
    const own = mayUse(share.volume);
    if (own === 0 && free <= 0) break;
    if (own === 0) free--;
    granted.push({ ...share, planned: share.streams, streams: Math.min(share.streams, Math.max(1, own)) });
  }
  for (; free > 0; free--) {
    const neediest = mostInNeed(granted.filter((share) => share.streams < share.planned));
    if (!neediest) break;
    neediest.streams++;
  }
  return new Map(granted.map(({ volume, streams }) => [volume.id, streams]));
}

function mayUse({ state, streams, held }: StreamVolume): number {
  return state === 'moving' ? Math.max(1, streams, held) : 0;
}

function toShare(volume: StreamVolume): Share {
  const bytesLeft = volume.bytesLeft ?? ASSUMED_BYTES;
  const most = Math.min(MAX_STREAMS, Math.max(1, Math.ceil(bytesLeft / WORTH_A_STREAM)));
  return { volume, bytesLeft, most, streams: Math.max(1, volume.streams) };
}

/** Time that is left, in the unit of bytes through one stream. */
function timeOf({ bytesLeft, streams }: Share, change = 0): number {
  return bytesLeft / (streams + change);
}

/** @returns of those that can use one more the one that has longest to go; of equals the first */
function mostInNeed<S extends Share>(shares: readonly S[]): S | undefined {
  const able = shares.filter(({ streams, most }) => streams < most);
  return able.reduce<S | undefined>((best, share) => (best && timeOf(best) >= timeOf(share) ? best : share), undefined);
}

/** @returns of those that have more than one the one that has least to go with one less; of equals the first */
function leastHurt(shares: readonly Share[]): Share | undefined {
  const able = shares.filter(({ streams }) => streams > 1);
  return able.reduce<Share | undefined>(
    (best, share) => (best && timeOf(best, -1) <= timeOf(share, -1) ? best : share),
    undefined,
  );
}

function longest(shares: readonly Share[]): number {
  return Math.max(0, ...shares.map((share) => timeOf(share)));
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}
