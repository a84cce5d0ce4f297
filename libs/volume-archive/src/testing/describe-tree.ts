import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  type BigIntStats,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
} from 'node:fs';

/**
 * Describes a tree by other means than the engine's: one line per entry with all that a copy has to keep, in which hard linked
 * names share a number. Holes are not told: they read as zeros.
 */
export function describeTree(root: string): string[] {
  const lines: string[] = [];
  const groups = new Map<bigint, number>();
  const attributes = attributesOf(root);
  const visit = (path: Buffer, shown: string) => {
    const stats = lstatSync(path, { bigint: true });
    const type = typeOf(stats);
    const facts = [type, shown, (stats.mode & 0o7777n).toString(8), `${stats.uid}:${stats.gid}`, stats.mtimeNs];
    if (type === 'file') facts.push(stats.size, digestOf(path));
    if (type === 'link') facts.push(readlinkSync(path, 'latin1'));
    if (type === 'character' || type === 'block') facts.push(stats.rdev);
    if (type !== 'dir' && stats.nlink > 1n) {
      if (!groups.has(stats.ino)) groups.set(stats.ino, groups.size);
      facts.push(`group ${groups.get(stats.ino)}`);
    }
    const own = attributes.get(shown);
    if (own) facts.push(...own);
    lines.push(facts.join(' '));
    if (type !== 'dir') return;
    const names = readdirSync(path, 'latin1').filter((name) => shown !== '' || name !== 'lost+found');
    for (const name of names.sort()) visit(Buffer.concat([path, Buffer.from(`/${name}`, 'latin1')]), `${shown}/${name}`);
  };
  visit(Buffer.from(root), '');
  return lines;
}

function typeOf(stats: BigIntStats): string {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'dir';
  if (stats.isSymbolicLink()) return 'link';
  if (stats.isCharacterDevice()) return 'character';
  if (stats.isBlockDevice()) return 'block';
  return stats.isFIFO() ? 'fifo' : 'socket';
}

/** Extended attributes, ACLs and capabilities of each path below `root` that has any, as getfattr(1) tells them. */
function attributesOf(root: string): Map<string, string[]> {
  const args = ['-R', '-P', '-h', '-d', '-m', '-', '-e', 'hex', '--absolute-names', root];
  const told = execFileSync('getfattr', args, { encoding: 'latin1', maxBuffer: 64 << 20, stdio: ['ignore', 'pipe', 'inherit'] });
  const found = new Map<string, string[]>();
  for (const paragraph of told.split('\n\n')) {
    const [head = '', ...lines] = paragraph.split('\n');
    const path = head
      .slice('# file: '.length)
      .replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
    found.set(path.slice(root.length), lines.filter((line) => line !== '' && !line.startsWith('security.selinux=')).sort());
  }
  return found;
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
