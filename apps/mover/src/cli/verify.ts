import { verifyArchive } from '@godwit/volume-archive/verify-archive';
import type { VolumeTotals } from '@godwit/volume-archive/volume-task';
import { print } from './output.ts';
import type { Session } from './session.ts';

export async function verify({ archive, volume, command }: Session): Promise<void> {
  const totals = await verifyArchive(archive, volume.mode);
  await print(command.json ? `${JSON.stringify(totals)}\n` : `The archive is sound.\n${describeTotals(totals)}`);
}

/** @returns lines for people */
export function describeTotals({ files, bytes, packs, storedBytes, warnings, digest }: VolumeTotals): string {
  const lines = [
    ['files', files],
    ['bytes of data', bytes],
    ['packs', packs],
    ['bytes stored', storedBytes],
    ['warnings', warnings],
    ['digest', digest],
  ];
  return lines.map(([name, value]) => `${`${name}:`.padEnd(15)}${value}\n`).join('');
}
