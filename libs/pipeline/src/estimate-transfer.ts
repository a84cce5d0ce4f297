import type { TransferProgress } from '@godwit/contracts/run';

/** What a stream is taken to move where nothing was measured: what one manages on an ordinary network. */
const ASSUMED_BYTES_PER_STREAM_SECOND = 40e6;

/** A volume that is to be moved. */
export interface VolumeToMove {
  id: string;
  /** Name of its claim, `namespace/name`. */
  claim: string;
  capacityBytes: number;
}

/** How an earlier run between the same cluster and store copied a volume. */
export interface EarlierCopy {
  claim: string;
  copy: TransferProgress;
}

export interface TransferLimits {
  concurrentStreams: number;
  maxSpeedPerStreamMBps?: number | undefined;
}

export interface EstimatedTransfer {
  /** Until all data is moved; the restore follows the copy and ends with it. */
  seconds: number;
  bytes: number;
  /** What it is taken from, as a sentence. */
  basis: string;
  /** Seconds of each volume beside the others, by its id. */
  volumes: ReadonlyMap<string, number>;
}

/**
 * How long the data of volumes takes. A volume that an earlier run has copied counts with what was in it, others with their
 * whole capacity, which is the most that there can be; the rate of a stream is that of the earlier copies.
 *
 * @param earlier the latest first
 */
export function estimateTransfer(
  volumes: readonly VolumeToMove[],
  { concurrentStreams, maxSpeedPerStreamMBps }: TransferLimits,
  earlier: readonly EarlierCopy[],
): EstimatedTransfer {
  const measured = measuredRate(earlier);
  const most = (maxSpeedPerStreamMBps ?? Number.POSITIVE_INFINITY) * 1e6;
  const rate = Math.min(measured ?? ASSUMED_BYTES_PER_STREAM_SECOND, most);
  const known = new Map(earlier.toReversed().map(({ claim, copy }) => [claim, copy.bytesTotal ?? copy.bytesDone]));
  const bytesOf = ({ claim, capacityBytes }: VolumeToMove) => known.get(claim) ?? capacityBytes;
  const bytes = volumes.reduce((sum, volume) => sum + bytesOf(volume), 0);
  const streamsEach = Math.max(1, Math.floor(concurrentStreams / Math.max(1, volumes.length)));
  return {
    seconds: Math.ceil(bytes / (rate * concurrentStreams)),
    bytes,
    basis: tell(rate, measured, most, volumes.length, volumes.filter(({ claim }) => known.has(claim)).length),
    volumes: new Map(volumes.map((volume) => [volume.id, Math.ceil(bytesOf(volume) / (rate * streamsEach))])),
  };
}

/** @returns content bytes per second of one stream; undefined if no copy tells */
function measuredRate(earlier: readonly EarlierCopy[]): number | undefined {
  let [bytes, streamSeconds] = [0, 0];
  for (const { copy } of earlier) {
    if (!copy.startedAt || !copy.finishedAt) continue;
    bytes += copy.bytesDone;
    streamSeconds += ((Date.parse(copy.finishedAt) - Date.parse(copy.startedAt)) / 1000) * (copy.streams ?? 1);
  }
  return bytes > 0 && streamSeconds > 0 ? bytes / streamSeconds : undefined;
}

function tell(rate: number, measured: number | undefined, most: number, all: number, known: number): string {
  const perStream = `${formatRate(rate)} per stream`;
  const rateFrom =
    rate === most
      ? `limited to ${perStream}`
      : measured
        ? `${perStream}, as measured in earlier runs between this cluster and store`
        : `assumed ${perStream}, as no earlier run between this cluster and store has measured it`;
  if (known === all) return `${rateFrom}; sizes as in an earlier run`;
  const sizes = known === 0 ? 'all volumes' : `${all - known} of ${all} volumes`;
  return `${rateFrom}; ${sizes} with their whole capacity, as nobody knows yet how full they are`;
}

function formatRate(bytesPerSecond: number): string {
  const megabytes = bytesPerSecond / 1e6;
  return `${megabytes >= 10 ? Math.round(megabytes) : Math.round(megabytes * 100) / 100} MB/s`;
}
