// Runs in the shop's `web` pod: fills /files with about 100 MB of all that a volume may hold.
import { execFileSync } from 'node:child_process';
import { createCipheriv, createHash } from 'node:crypto';
import * as fs from 'node:fs';

const root = Buffer.from('/files/');
/** @param {string | Buffer} name beneath /files; a Buffer where it is not UTF-8 */
const at = (name) => Buffer.concat([root, Buffer.from(name)]);
const MB = 1_000_000;

/** Bytes that look random, but are the same at each run. */
function random(length, seed) {
  const key = createHash('sha256').update(seed).digest();
  return createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(length));
}

/** @param time of the last change, in ms since 1970 */
function write(name, data, { mode = 0o644, uid = 0, gid = 0, time } = {}) {
  fs.writeFileSync(at(name), data);
  fs.chownSync(at(name), uid, gid);
  fs.chmodSync(at(name), mode); // after chown, which takes setuid and setgid away
  // As a Date: Node takes a number below 0 for the present.
  if (time) fs.utimesSync(at(name), new Date(time), new Date(time));
}

// Much data: what shrinks well, and what does not.
fs.mkdirSync(at('media'));
write('media/film.bin', random(36 * MB, 'film'));
write('media/photos.bin', random(12 * MB, 'photos'), { uid: 1000, gid: 1000 });
const line = (n) => `2024-03-${String(1 + (n % 28)).padStart(2, '0')} 12:00:${n % 60} GET /article/${(n * 7919) % 5000} 200\n`;
const log = Buffer.from(Array.from({ length: 100_000 }, (_, n) => line(n)).join(''));
write('media/access.log', Buffer.concat(Array(10).fill(log)), { mode: 0o640, uid: 33, gid: 4 });

// Many small files.
for (let folder = 0; folder < 20; folder++) {
  fs.mkdirSync(at(`articles/${folder}`), { recursive: true });
  for (let n = 0; n < 60; n++) write(`articles/${folder}/${n}.json`, random((folder * 61 + n * 97) % 9000, `${folder}/${n}`));
}

// Names.
fs.mkdirSync(at('names'));
const names = [
  'two  spaces',
  ' leading and trailing ',
  'new\nline',
  'tab\there',
  `quotes '"\``,
  'back\\slash',
  '-rf',
  '--help',
  '*?[a]',
  '$HOME',
  'Grüße',
  'Gru\u0308ße',
  '日本語',
  '🦆',
  '...',
  '.hidden',
  '%2e%2e',
  'a:b',
  '#',
  'x'.repeat(255),
];
for (const name of names) write(`names/${name}`, name);
const bytes = (...parts) => Buffer.concat(['names/', ...parts].map((part) => Buffer.from(part)));
write(bytes([0xff, 0xfe]), 'not UTF-8');
write(bytes('caf', [0xe9]), 'Latin-1');
write(bytes([0x01, 0x1b, 0x7f]), 'control');
fs.mkdirSync(at(bytes('dir ', [0x80])));
write(Buffer.concat([bytes('dir ', [0x80]), Buffer.from('/inside')]), 'in a folder whose name is not UTF-8');

// Links.
fs.mkdirSync(at('links'));
fs.symlinkSync('../names/Grüße', at('links/relative'));
fs.symlinkSync('/etc/hostname', at('links/absolute'));
fs.symlinkSync('nowhere/at all', at('links/dangling'));
fs.symlinkSync('.', at('links/loop'));
fs.symlinkSync(Buffer.from([0x66, 0xff]), at('links/to bytes'));
fs.lchownSync(at('links/dangling'), 4321, 8765);
write('links/one', 'one file, three names', { mode: 0o600, uid: 7, gid: 8 });
fs.linkSync(at('links/one'), at('links/two'));
fs.linkSync(at('links/one'), at('names/three'));

// Modes and owners.
fs.mkdirSync(at('modes'));
const modes = [0o000, 0o400, 0o640, 0o755, 0o777, 0o4755, 0o2755, 0o6711];
modes.forEach((mode, n) => {
  write(`modes/${mode.toString(8)}`, `mode ${mode.toString(8)}`, {
    mode,
    uid: [0, 1000, 65534, 4294967294][n % 4],
    gid: n * 1000,
  });
});
for (const [name, mode] of [
  ['sticky', 0o1777],
  ['setgid', 0o2775],
  ['closed', 0o000],
]) {
  fs.mkdirSync(at(`modes/${name}`));
  write(`modes/${name}/file`, name);
  fs.chownSync(at(`modes/${name}`), 1234, 5678);
  fs.chmodSync(at(`modes/${name}`), mode);
}

// What is easily forgotten.
write('empty file', '');
fs.mkdirSync(at('empty folder'), { mode: 0o700 });
write('old', 'from 1999', { time: 946_684_799_500 });
write('before 1970', 'from 1969', { time: -1_000_000_000 });
write('from the future', 'from 2040', { time: 2_208_988_800_123 });
const sparse = fs.openSync(at('sparse'), 'w');
fs.writeSync(sparse, 'start', 0);
fs.writeSync(sparse, 'middle', 20 * MB);
fs.ftruncateSync(sparse, 64 * MB);
fs.closeSync(sparse);

// Times of folders last: writing into a folder changes them.
for (const [name, time] of [
  ['media', 1_000_000_000],
  ['names', 1_234_567_890.25],
  ['empty folder', 86_400],
])
  fs.utimesSync(at(name), time, time);
fs.chmodSync('/files', 0o1775);
fs.chownSync('/files', 10, 20);
fs.utimesSync('/files', 1_500_000_000.5, 1_500_000_000.5);

/** Times to the millisecond, as exact as a restore can be. Deepest first, though the time of a child does not change its folder's. */
function roundTimes(path) {
  const stat = fs.lstatSync(path, { bigint: true });
  if (stat.isDirectory())
    for (const child of fs.readdirSync(path, 'buffer')) roundTimes(Buffer.concat([path, Buffer.from('/'), child]));
  const time = new Date(Number(stat.mtimeNs / 1_000_000n));
  fs.lutimesSync(path, time, time);
}
roundTimes(Buffer.from('/files'));
execFileSync('sync');
