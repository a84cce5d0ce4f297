import type { ReportedVolume } from '@godwit/contracts/report';
import type { TransferProgress } from '@godwit/contracts/run';
import type { VolumeOverview } from '@godwit/db/run-overview-store';

/** What became of a volume's data. */
export function reportVolume({ copy, restore, skipReason, ...volume }: VolumeOverview): ReportedVolume {
  const [copySeconds, restoreSeconds] = [secondsOf(copy), secondsOf(restore)];
  const { namespace, name, targetNamespace, capacityBytes } = volume;
  return {
    namespace,
    name,
    targetNamespace,
    capacityBytes,
    ...(skipReason ? { skipReason } : {}),
    bytes: restore?.bytesDone ?? 0,
    files: restore?.filesDone ?? 0,
    storedBytes: copy?.storedBytes ?? 0,
    ...(copySeconds === undefined ? {} : { copySeconds }),
    ...(restoreSeconds === undefined ? {} : { restoreSeconds }),
    ...(copy && copySeconds ? { rate: Math.round(copy.bytesDone / copySeconds) } : {}),
    digests: compare(copy?.digest, restore?.digest),
    warnings: (copy?.warnings ?? 0) + (restore?.warnings ?? 0),
  };
}

function secondsOf(side: TransferProgress | undefined): number | undefined {
  if (!side?.startedAt || !side.finishedAt) return undefined;
  return (Date.parse(side.finishedAt) - Date.parse(side.startedAt)) / 1000;
}

function compare(read: string | undefined, written: string | undefined): ReportedVolume['digests'] {
  if (read === undefined || written === undefined) return 'Unknown';
  return read === written ? 'Equal' : 'Different';
}
