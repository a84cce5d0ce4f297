import type { EntryKind } from '@godwit/volume-archive/entry-kind';
import { type ArchiveEntry, listEntries } from '@godwit/volume-archive/list-entries';
import { showPath } from '@godwit/volume-archive/path-text';
import { print } from './output.ts';
import type { Session } from './session.ts';

/** Lines that are written at once. */
const BATCH = 500;
const LAST_DATE_MS = 8.64e15;

export async function ls({ archive, command }: Session): Promise<void> {
  const toLine = command.json ? jsonLine : textLine;
  let lines: string[] = [];
  for await (const entry of listEntries(archive)) {
    lines.push(`${toLine(entry)}\n`);
    if (lines.length < BATCH) continue;
    await print(lines.join(''));
    lines = [];
  }
  await print(lines.join(''));
}

export function jsonLine({ kind, path, mode, uid, gid, size, mtimeSeconds, device, target, isPatch }: ArchiveEntry): string {
  return JSON.stringify({
    path: showPath(path),
    kind,
    mode: mode.toString(8).padStart(4, '0'),
    uid,
    gid,
    size,
    mtime: showTime(mtimeSeconds),
    ...device,
    ...(target && { target: showPath(target) }),
    ...(isPatch && { onlyChanges: true }),
  });
}

/** As `ls -l` and `tar -tv` show it; times are UTC. */
export function textLine({ kind, path, mode, uid, gid, size, mtimeSeconds, device, target, isPatch }: ArchiveEntry): string {
  const what = device ? `${device.major},${device.minor}` : `${size}`;
  const owner = `${uid}/${gid}`;
  const time = showTime(mtimeSeconds)
    .replace('T', ' ')
    .replace(/\.\d+Z$/, '');
  const arrow = kind === 'hardlink' ? 'link to' : '->';
  const link = target ? ` ${arrow} ${showPath(target)}` : '';
  const patch = isPatch ? ' (only changes)' : '';
  return `${LETTERS[kind]}${permissions(mode)} ${owner.padEnd(11)} ${what.padStart(12)} ${time} ${showPath(path)}${link}${patch}`;
}

const LETTERS: Record<EntryKind, string> = {
  file: '-',
  directory: 'd',
  symlink: 'l',
  hardlink: 'h',
  fifo: 'p',
  'character-device': 'c',
  'block-device': 'b',
  image: 'b',
};

function permissions(mode: number): string {
  const bit = (mask: number, letter: string) => (mode & mask ? letter : '-');
  const execute = (mask: number, special: number, letter: string) => {
    if (!(mode & special)) return bit(mask, 'x');
    return mode & mask ? letter : letter.toUpperCase();
  };
  return [
    bit(0o400, 'r') + bit(0o200, 'w') + execute(0o100, 0o4000, 's'),
    bit(0o040, 'r') + bit(0o020, 'w') + execute(0o010, 0o2000, 's'),
    bit(0o004, 'r') + bit(0o002, 'w') + execute(0o001, 0o1000, 't'),
  ].join('');
}

/** A volume may hold times that no calendar of JavaScript has: they are shown as seconds since 1970. */
function showTime(seconds: number): string {
  const milliseconds = Math.floor(seconds * 1000);
  return Math.abs(milliseconds) <= LAST_DATE_MS ? new Date(milliseconds).toISOString() : `@${Math.floor(seconds)}`;
}
