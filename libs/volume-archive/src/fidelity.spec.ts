import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { StreamTarget } from './stream-target.ts';
import { TestVolume } from './testing/test-volume.ts';

/** Needs root, rsync, attr, acl and libcap2-bin, and a temporary directory on a file system that keeps all of it, as ext4 and xfs do. */
const FULL_TREE = fileURLToPath(new URL('testing/full-tree.sh', import.meta.url));

const run = (directory: string, program: string, ...args: string[]) =>
  execFileSync(program, args, { cwd: directory, encoding: 'latin1', maxBuffer: 64 << 20 });

/** What programs that know nothing of the engine tell of a tree. */
const TELL: Record<string, (directory: string) => string> = {
  'find and stat': (directory) =>
    sorted(run(directory, 'find', '.', '-path', './lost+found', '-prune', '-o', '-printf', '%p %y %#m %U:%G %s %T@ %l\\0'), '\0'),
  'names of links': (directory) => linkGroups(directory),
  devices: (directory) =>
    sorted(run(directory, 'find', '.', '(', '-type', 'b', '-o', '-type', 'c', ')', '-exec', 'stat', '-c', '%n %t:%T', '{}', '+')),
  getfacl: (directory) => sorted(run(directory, 'getfacl', '-R', '-P', '-p', '-n', '.').replaceAll('\n\n', '\0'), '\0'),
  getfattr: (directory) =>
    sorted(run(directory, 'getfattr', '-R', '-P', '-h', '-d', '-m', '-', '-e', 'hex', '.').replaceAll('\n\n', '\0'), '\0'),
  getcap: (directory) => sorted(run(directory, 'getcap', '-r', '.')),
  'maps of holes': (directory) =>
    ['sparse', 'hole', 'comb', 'punched', 'zeros', 'large'].map((name) => dataOf(join(directory, 'plain', name))).join('\n'),
};

const sorted = (text: string, separator = '\n') =>
  text
    .split(separator)
    .filter((line) => !/^(# file: )?(\.\/)?lost\+found(\/|\n|$)/.test(line))
    .sort()
    .join('\n');

/** The names of each entry that has several. */
function linkGroups(directory: string): string {
  const groups = new Map<string, string[]>();
  for (const line of run(directory, 'find', '.', '!', '-type', 'd', '-links', '+1', '-printf', '%i %p\\n').split('\n')) {
    const [inode = '', name = ''] = line.split(' ');
    groups.set(inode, [...(groups.get(inode) ?? []), name].sort());
  }
  return [...groups.values()]
    .map((names) => names.join(' = '))
    .sort()
    .join('\n');
}

/** Where a file has data, as SEEK_DATA and SEEK_HOLE tell. */
function dataOf(path: string): string {
  const script =
    'use Fcntl; sysopen(F, $ARGV[0], O_RDONLY) or die; my $at = 0; ' +
    'while (defined($at = sysseek(F, $at, 3))) { my $end = sysseek(F, $at, 4); print "$at-$end "; $at = $end }';
  return execFileSync('perl', ['-e', script, path], { encoding: 'utf8' });
}

function rsyncDifferences(a: string, b: string): string {
  return run(
    '/',
    'rsync',
    '-aHAX',
    '--checksum',
    '--dry-run',
    '--delete',
    '-i',
    '--exclude=/lost+found',
    '--exclude=/plain/sparse',
    '--exclude=/plain/hole',
    `${a}/`,
    `${b}/`,
  );
}

test('one of everything that Linux keeps is kept, as programs see that know nothing of the engine', async () => {
  await using volume = new TestVolume();
  run(volume.source, 'sh', FULL_TREE);
  await volume.copy({ streams: new StreamTarget(3) });
  await volume.restore({ streams: new StreamTarget(2) });
  expect(volume.warnings).toEqual([]);
  expect(rsyncDifferences(volume.source, volume.destination)).toBe('');
  for (const tell of Object.values(TELL)) expect(tell(volume.destination)).toBe(tell(volume.source));
  // None of these says nothing of the source.
  for (const [what, tell] of Object.entries(TELL)) expect(`${what}: ${tell(volume.source).length > 40}`).toBe(`${what}: true`);
}, 30_000);

test('one of everything is kept in a delta that tells of all but a few, and over a destination where much else is', async () => {
  await using volume = new TestVolume();
  mkdirSync(join(volume.source, 'plain'));
  for (const name of ['plain/small', 'plain/large', 'fifo', 'acls', 'names']) writeFileSync(join(volume.source, name), name);
  const { digest } = await volume.copy({ prefix: 'first', index: true });
  await volume.restore({ prefix: 'first' });
  run(volume.source, 'sh', '-c', 'rm -r *');
  run(volume.source, 'sh', FULL_TREE);
  const base = { prefix: 'first', volumeId: 'shop/data', key: volume.key };
  expect(await volume.copy({ base })).toMatchObject({ base: digest });
  await volume.restore({ holds: digest });
  expect(volume.warnings).toEqual([]);
  expect(rsyncDifferences(volume.source, volume.destination)).toBe('');
  // With an index holes lie on the grid of its blocks.
  const { 'maps of holes': _, ...rest } = TELL;
  for (const tell of Object.values(rest)) expect(tell(volume.destination)).toBe(tell(volume.source));
  for (const name of ['plain/hole', 'plain/punched']) {
    expect(dataOf(join(volume.destination, name))).toBe(dataOf(join(volume.source, name)));
  }
  expect(statSync(join(volume.destination, 'plain/sparse')).blocks * 512).toBeLessThan(400_000);
}, 30_000);

/** Makes directories one in the other, and a file in the last, by steps: no call may be given the whole path. */
const DIG = `
  const [name, depth] = process.argv.slice(1);
  const fs = require('node:fs');
  for (let left = Number(depth); left > 0; left -= 1) { fs.mkdirSync(name); process.chdir(name); }
  fs.writeFileSync('file', 'at the bottom');
  fs.symlinkSync('file', 'link');
  fs.linkSync('file', 'second-name');`;

test.each([
  ['deeper than a path of PATH_MAX can tell', 'd'.repeat(200), 60],
  ['of very many levels', 'l', 3000],
])('a tree %s is kept', async (_, name, depth) => {
  await using volume = new TestVolume();
  try {
    run(volume.source, process.execPath, '-e', DIG, name, String(depth));
    await volume.copy();
    await volume.restore();
    expect(volume.warnings).toEqual([]);
    const tell = (directory: string) => run(directory, 'find', '.', '-printf', '%d %f %y %#m %U:%G %s %T@ %l %n\\n');
    expect(tell(volume.destination)).toBe(tell(volume.source));
    expect(run(volume.destination, 'find', '.', '-type', 'f', '-execdir', 'cat', '{}', ';')).toBe('at the bottom'.repeat(2));
  } finally {
    run('/', 'rm', '-rf', volume.source, volume.destination);
  }
});

test('what lies so deep that no archive can tell its path is told, and the rest is kept', async () => {
  await using volume = new TestVolume();
  try {
    writeFileSync(join(volume.source, 'z'), 'kept');
    run(volume.source, process.execPath, '-e', DIG, 'd'.repeat(250), '140');
    await volume.copy();
    const warnings = volume.warnings.map(({ reason }) => reason);
    expect(warnings.length).toBeGreaterThan(0);
    expect(new Set(warnings)).toEqual(new Set(['Unreadable']));
    await volume.restore();
    expect(run(volume.destination, 'cat', 'z')).toBe('kept');
  } finally {
    run('/', 'rm', '-rf', volume.source, volume.destination);
  }
});

test('a file that cannot be read is told and left out, and the rest is kept', async () => {
  await using volume = new TestVolume();
  // The kernel answers who reads the speed of the loopback interface with an error, root too.
  const root = '/sys/class/net/lo';
  await volume.copy({ root });
  await volume.restore();
  const told = volume.warnings.filter(({ path }) => path === 'speed');
  expect(told).toEqual([
    { reason: 'Unreadable', path: 'speed', message: expect.stringMatching(/^could not be read and is not in the archive: ./) },
  ]);
  expect(existsSync(join(volume.destination, 'speed'))).toBe(false);
  expect(readFileSync(join(volume.destination, 'address'), 'utf8')).toBe('00:00:00:00:00:00\n');
});
