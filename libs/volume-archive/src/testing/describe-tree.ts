import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';

/**
 * Describes a tree by other means than the engine's: one line per entry with all that a copy has to keep, in which hard linked
 * names share a number.
 */
export function describeTree(root: string): string[] {
  const lines: string[] = [];
  const groups = new Map<bigint, number>();
  const visit = (path: Buffer, shown: string) => {
    const stats = lstatSync(path, { bigint: true });
    const type = stats.isFile() ? 'file' : stats.isDirectory() ? 'dir' : stats.isSymbolicLink() ? 'link' : 'other';
    const time = stats.mtimeNs / 1_000_000n;
    const facts = [type, shown, (stats.mode & 0o7777n).toString(8), `${stats.uid}:${stats.gid}`, time];
    if (type === 'file') facts.push(stats.size, digestOf(path));
    if (type === 'link') facts.push(readlinkSync(path, 'latin1'));
    if (type !== 'dir' && stats.nlink > 1n) {
      if (!groups.has(stats.ino)) groups.set(stats.ino, groups.size);
      facts.push(`group ${groups.get(stats.ino)}`);
    }
    lines.push(facts.join(' '));
    if (type !== 'dir') return;
    const names = readdirSync(path, 'latin1').filter((name) => shown !== '' || name !== 'lost+found');
    for (const name of names.sort()) visit(Buffer.concat([path, Buffer.from(`/${name}`, 'latin1')]), `${shown}/${name}`);
  };
  visit(Buffer.from(root), '');
  return lines;
}

function digestOf(path: Buffer): string {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    if (!fstatSync(descriptor).isFile()) throw new Error('not a file');
    return createHash('sha1').update(readFileSync(descriptor)).digest('hex');
  } finally {
    closeSync(descriptor);
  }
}
