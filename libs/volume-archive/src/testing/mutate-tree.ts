import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  closeSync,
  type Dirent,
  lchownSync,
  linkSync,
  lutimesSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { isNativeError } from 'node:util/types';
import type { Random } from './random.ts';

type Kind = 'file' | 'directory' | 'link' | 'other';
interface Found {
  path: Buffer;
  kind: Kind;
}

/** Few, so that they meet; some that sort around a separator, and some that are no text. */
const NAMES = ['a', 'b', 'a.b', 'a-b', 'ab', 'a b', '\xff\xfe', '\x01', 'lost+found', 'n'.repeat(255)];
/** What a change may run into, as when a directory is moved into itself. */
const IN_THE_WAY = ['EEXIST', 'ENOTEMPTY', 'EINVAL', 'EISDIR', 'ENOTDIR', 'ENOENT', 'EMLINK', 'ENAMETOOLONG'];
const PAGE = 8192;
/** Where files begin to be kept in blocks. */
const LARGE = 1 << 20;

/** Makes so many random changes to what is below `root`, of every kind that a program on the volume can make. */
export function mutateTree(root: string, random: Random, changes: number): void {
  for (let done = 0; done < changes; done += 1) {
    try {
      random.pick(CHANGES)(root, random);
    } catch (error) {
      if (!(isNativeError(error) && 'code' in error && IN_THE_WAY.includes(String(error.code)))) throw error;
    }
  }
}

type Change = (root: string, random: Random) => void;
const CHANGES: readonly Change[] = [
  makeSomething,
  makeSomething,
  makeSomething,
  onA('file', (path, random) => writeFileSync(path, random.bytes(random.below(9000)))),
  onA('file', writePages),
  onA('file', writePages),
  onA('file', (path, random) => appendFileSync(path, random.bytes(random.below(30_000)))),
  onA('file', (path, random) => truncateSync(path, random.below(statSync(path).size + 50_000))),
  onA('file', punchHole),
  onA('file', punchHole),
  // An editor's way to write: a new file takes the old one's name, of which other names of the old one know nothing.
  onA('file', (path, random) => {
    const draft = Buffer.concat([path.subarray(0, path.lastIndexOf('/')), Buffer.from('/draft')]);
    const content = readFileSync(path);
    writeFileSync(draft, random.chance(50) ? content : Buffer.concat([content, Buffer.from('more')]));
    renameSync(draft, path);
  }),
  onA('any', (path, random, root) => renameSync(path, newPath(root, random))),
  onA('any', (path, random, root) => renameSync(path, newPath(root, random))),
  onA('any', (path) => rmSync(path, { recursive: true })),
  onA('any', (path, random) => {
    rmSync(path, { recursive: true });
    makeAt(path, random);
  }),
  onA('leaf', (path, random, root) => linkSync(path, newPath(root, random))),
  onA('leaf', (path, random, root) => linkSync(path, newPath(root, random))),
  onA('leaf', (path, random, root) => {
    const other = newPath(root, random);
    rmSync(other, { recursive: true, force: true });
    linkSync(path, other);
  }),
  onA('unlinked', (path, random) => chmodSync(path, random.below(0o10000))),
  onA('any', (path, random) => lchownSync(path, random.below(3), random.pick([0, 70_000, 4_000_000_000]))),
  onA('any', (path, random) => lutimesSync(path, 0, random.below(2 ** 32) - 2 ** 31 + 0.25)),
  onA('unlinked', (path, random) =>
    run('setfattr', ['-n', `user.${random.pick(['a', 'b'])}`, '-v', `0x${'0a00'.repeat(random.below(3))}`], path),
  ),
  onA('unlinked', (path, random) => {
    if (statSync(path).isDirectory() && random.chance(50))
      run('setfacl', ['-d', '-m', `u:${1 + random.below(3)}:rwx,g::rx`], path);
    else run('setfacl', random.chance(30) ? ['-b'] : ['-m', `u:${1 + random.below(3)}:r`], path);
  }),
];

function onA(kind: Kind | 'any' | 'leaf' | 'unlinked', change: (path: Buffer, random: Random, root: string) => void): Change {
  const isFit = (found: Found) =>
    kind === 'any' ||
    (kind === 'leaf' && found.kind !== 'directory') ||
    (kind === 'unlinked' && (found.kind === 'file' || found.kind === 'directory')) ||
    found.kind === kind;
  return (root, random) => {
    const candidates = everything(Buffer.from(root)).filter(isFit);
    if (candidates.length > 0) change(random.pick(candidates).path, random, root);
  };
}

const kindOf = (entry: Dirent<Buffer>): Kind =>
  entry.isFile() ? 'file' : entry.isDirectory() ? 'directory' : entry.isSymbolicLink() ? 'link' : 'other';
const join = (directory: Buffer, name: Buffer) => Buffer.concat([directory, Buffer.from('/'), name]);

/** All below a directory, each directory before what is in it. */
function everything(directory: Buffer): Found[] {
  return readdirSync(directory, { withFileTypes: true, encoding: 'buffer' })
    .sort((a, b) => Buffer.compare(a.name, b.name))
    .flatMap((entry) => {
      const found = { path: join(directory, entry.name), kind: kindOf(entry) };
      return found.kind === 'directory' ? [found, ...everything(found.path)] : [found];
    });
}

function newPath(root: string, random: Random): Buffer {
  const directories = everything(Buffer.from(root)).filter(({ kind }) => kind === 'directory');
  const directory = random.pick([Buffer.from(root), ...directories.map(({ path }) => path)]);
  // That name is another file system's business in the root alone.
  const names = directory.toString() === root ? NAMES.filter((name) => name !== 'lost+found') : NAMES;
  return join(directory, Buffer.from(random.pick(names), 'latin1'));
}

function makeSomething(root: string, random: Random): void {
  const path = newPath(root, random);
  rmSync(path, { recursive: true, force: true });
  makeAt(path, random);
}

function makeAt(path: Buffer, random: Random): void {
  random.pick([
    () => writeFileSync(path, random.bytes(random.below(9000))),
    () => writeFileSync(path, Buffer.alloc(random.below(50_000), 'all alike ')),
    () => writeFileSync(path, Buffer.alloc(LARGE - 2 + random.below(5), random.bytes(7))),
    () => writeFileSync(path, random.bytes(LARGE + random.below(LARGE))),
    () => {
      writeFileSync(path, '');
      truncateSync(path, random.below(3 * LARGE));
      writePages(path, random);
    },
    () => symlinkSync(random.pick(['a', '../b', '/nowhere', 't'.repeat(500)]), path),
    () => run('mkfifo', ['-m', '640'], path),
    () => mkdirSync(path),
    () => {
      mkdirSync(path);
      for (const name of ['a', 'b']) writeFileSync(join(path, Buffer.from(name)), random.bytes(random.below(3000)));
      mkdirSync(join(path, Buffer.from('a.b')));
      chownSync(join(path, Buffer.from('a.b')), 1, 2);
    },
  ])();
}

/** Changes a few bytes here and there. */
function writePages(path: Buffer, random: Random): void {
  const { size } = statSync(path);
  const descriptor = openSync(path, 'r+');
  for (let left = 1 + random.below(4); left > 0; left -= 1) {
    const bytes = random.bytes(1 + random.below(2 * PAGE));
    writeSync(descriptor, bytes, 0, bytes.length, random.below(size + 1));
  }
  closeSync(descriptor);
}

function punchHole(path: Buffer, random: Random): void {
  const { size } = statSync(path);
  run('fallocate', ['-p', '-o', String(random.below(size + 1)), '-l', String(1 + random.below(size + 5 * PAGE))], path);
}

/** Programs take paths as bytes, Node's arguments are text: the path goes through the shell's `printf`. */
function run(program: string, args: readonly string[], path: Buffer): void {
  const escaped = [...path].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's
  execFileSync('sh', ['-c', 'path=$(printf "$0."); exec "$@" "${path%.}"', escaped, program, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}
