import type { TransferProgress } from '@godwit/contracts/run';
import { formatBytes } from '@godwit/pipeline/format-bytes';
import { formatDuration } from '@godwit/pipeline/format-duration';

const LONGEST_ETA_S = 99 * 86_400;

/** @returns seconds until the rest has passed at the present rate; undefined if that cannot be told */
export function secondsLeft({ bytesDone, bytesTotal, rate }: TransferProgress): number | undefined {
  if (bytesTotal === undefined || rate === undefined || rate <= 0) return undefined;
  const seconds = Math.max(0, bytesTotal - bytesDone) / rate;
  return seconds <= LONGEST_ETA_S ? seconds : undefined;
}

/** @returns what is done, and while it moves at which rate and until when: `1.5 GiB of 4 GiB, 80 MiB/s in 2 streams, 32 s left` */
export function describeTransfer(transfer: TransferProgress): string {
  const { bytesDone, bytesTotal, finishedAt, rate, streams } = transfer;
  if (finishedAt !== undefined) return formatBytes(bytesDone);
  const seconds = secondsLeft(transfer);
  return [
    bytesTotal === undefined ? formatBytes(bytesDone) : `${formatBytes(bytesDone)} of ${formatBytes(bytesTotal)}`,
    rate !== undefined && `${formatBytes(rate)}/s${inStreams(streams)}`,
    seconds !== undefined && `${formatDuration(Math.ceil(seconds) * 1000)} left`,
  ]
    .filter(Boolean)
    .join(', ');
}

function inStreams(streams: number | undefined): string {
  if (streams === undefined) return '';
  return streams === 1 ? ' in 1 stream' : ` in ${streams} streams`;
}
