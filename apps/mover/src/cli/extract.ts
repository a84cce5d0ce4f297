import { closeSync, mkdirSync, openSync, readdirSync, statSync } from 'node:fs';
import { FatalError } from '@godwit/contracts/errors';
import { MOVER_WARNING_LINES, type MoverExitReason } from '@godwit/contracts/mover-protocol';
import { restoreVolume } from '@godwit/volume-archive/restore-volume';
import { note, print } from './output.ts';
import type { Session } from './session.ts';
import { describeTotals } from './verify.ts';

const BAD_CONFIG: MoverExitReason = 'BadConfig';
const WRITE_FAILED: MoverExitReason = 'WriteFailed';
/** The archive is complete: nothing is waited for. */
const STALL_TIMEOUT_MS = 10_000;
/** Belongs to the file system of a volume; a restore leaves it alone. */
const NOT_CONTENT = 'lost+found';

/** Restores into a directory (or file, or device), which must be empty or not there unless it is to be replaced. */
export async function extract({ command, volume, holds, source }: Session): Promise<void> {
  const { argument: root, replace } = command;
  const isEmpty = prepare(root, volume.mode);
  if (!isEmpty && !replace) {
    throw new FatalError(BAD_CONFIG, `${root} is not empty`, {
      cure: 'Name a directory that is empty or not there, or say --replace: then what it holds and the archive does not is removed.',
    });
  }
  let warnings = 0;
  const totals = await restoreVolume({
    ...source,
    root,
    mode: volume.mode,
    stallTimeoutMs: STALL_TIMEOUT_MS,
    ...(holds && { holds }),
    onWarning: ({ reason, path, message }) => {
      warnings += 1;
      if (warnings <= MOVER_WARNING_LINES) note(`warning: ${reason}: ${path} ${message}`);
    },
  });
  await print(describeTotals(totals));
}

/** Makes what is not there. @returns whether it is empty; a device never is */
function prepare(root: string, mode: Session['volume']['mode']): boolean {
  try {
    if (mode === 'Filesystem') {
      mkdirSync(root, { recursive: true });
      return readdirSync(root).every((name) => name === NOT_CONTENT);
    }
    closeSync(openSync(root, 'a', 0o600));
    const stat = statSync(root);
    return stat.isFile() && stat.size === 0;
  } catch (error) {
    throw new FatalError(WRITE_FAILED, `Cannot restore into ${root}: ${(error as Error).message}`);
  }
}
