// Runs in the shop's `web` pod: prints one line for each entry of /files, in the order of their bytes. Two volumes have
// the same lines when they have the same contents. Fields: path, type, mode, owner, size, mtime in µs, link target,
// first name of the same file, whether it has holes, SHA-256.
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';

const root = Buffer.from('/files');
const slash = Buffer.from('/');
/** By device and inode, the first name seen. */
const firstNames = new Map();

const TYPES = [
  ['isFile', 'file'],
  ['isDirectory', 'dir'],
  ['isSymbolicLink', 'link'],
  ['isFIFO', 'fifo'],
  ['isSocket', 'socket'],
  ['isCharacterDevice', 'char'],
  ['isBlockDevice', 'block'],
];

/** Printable ASCII as it is, all else as \xNN. */
const printable = (bytes) =>
  [...bytes]
    .map((byte) =>
      byte > 0x20 && byte < 0x7f && byte !== 0x5c ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`,
    )
    .join('');

function show(path, name) {
  const stat = fs.lstatSync(path, { bigint: true });
  const type = TYPES.find(([is]) => stat[is]())?.[1] ?? 'unknown';
  const inode = `${stat.dev}:${stat.ino}`;
  const shared = type !== 'dir' && stat.nlink > 1n;
  if (shared && !firstNames.has(inode)) firstNames.set(inode, name);
  console.log(
    [
      name,
      type,
      (stat.mode & 0o7777n).toString(8).padStart(4, '0'),
      `${stat.uid}:${stat.gid}`,
      // How much room a folder takes is its file system's affair.
      type === 'dir' ? '-' : stat.size,
      (stat.mtimeNs + 500n) / 1000n,
      type === 'link' ? printable(fs.readlinkSync(path, 'buffer')) : '-',
      shared ? `${stat.nlink} names, ${firstNames.get(inode)}` : '-',
      type === 'file' && stat.size > 1_000_000n && stat.blocks * 512n < stat.size / 2n ? 'sparse' : '-',
      type === 'file' ? createHash('sha256').update(fs.readFileSync(path)).digest('hex') : '-',
    ].join('\t'),
  );
  if (type === 'dir')
    for (const child of fs.readdirSync(path, 'buffer').sort(Buffer.compare))
      show(Buffer.concat([path, slash, child]), `${name}/${printable(child)}`);
}

show(root, '.');
