import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { describeTree } from './testing/describe-tree.ts';
import { TestVolume } from './testing/test-volume.ts';

/** Destinations that do not take what the source has: the data is worth having without. */
const shell = (volume: TestVolume) => (script: string) => execFileSync('sh', ['-ec', script], { cwd: volume.home });
const told = (volume: TestVolume) => volume.warnings.map(({ reason, path }) => `${reason} ${path}`).sort();

test('a hard link that cannot be made becomes a copy, with its holes, attributes and times', async () => {
  await using volume = new TestVolume();
  const sh = shell(volume);
  sh(`cd source; mkdir b; head -c 100000 /dev/urandom >a; truncate -s 40M a; printf end >>a; setfattr -n trusted.mine -v yes a
    chown 12:34 a; chmod 4751 a; touch -d @1000000000.5 a; ln a b/a; ln -s nowhere link; ln link b/link; mkfifo fifo; ln fifo b/fifo`);
  await volume.copy();
  // Names of another file system are no further names of files of this one.
  sh('mkdir -p destination/b; mount -t tmpfs none destination/b');
  try {
    await volume.restore();
    expect(told(volume)).toEqual(['HardLinkCopied b/a', 'HardLinkCopied fifo', 'HardLinkCopied link']);
    expect(volume.warnings[0]?.message).toContain('changes of the one do not reach the other');
    sh(
      'cmp source/a destination/b/a; test "$(getfattr -n trusted.mine --only-values destination/b/a)" = yes; test -p destination/b/fifo',
    );
    const [copy, source] = ['destination/b/a', 'source/a'].map((path) => statSync(join(volume.home, path)));
    const facts = (stat: typeof copy) => [stat?.mode, stat?.uid, stat?.gid, stat?.mtimeMs, stat?.size];
    expect(facts(copy)).toEqual(facts(source));
    expect(copy?.blocks).toBeLessThan(1000);
    expect(readlinkSync(join(volume.destination, 'b/link'))).toBe('nowhere');
    // Once more, over what is there.
    await volume.restore();
    sh('cmp source/a destination/b/a');
  } finally {
    sh('umount -l destination/b');
  }
}, 30_000);

test('a symbolic link and attributes that do not fit are told, and all else is there', async () => {
  await using volume = new TestVolume();
  const sh = shell(volume);
  const long = 'x'.repeat(2000);
  sh(`cd source; echo content >file; setfattr -n user.long -v ${long} file; setfattr -n user.short -v s file
    ln -s ${long} link; ln link more; ln -s short short`);
  await volume.copy();
  // Neither fits into a block of 1 KiB.
  sh('truncate -s 16M disk; mkfs.ext4 -q -b 1024 disk; mount -o loop disk destination');
  try {
    await volume.restore();
    expect(told(volume)).toEqual(['AttributesNotKept file', 'HardLinkNotMade more', 'SymlinkNotMade link']);
    expect(readFileSync(join(volume.destination, 'file'), 'utf8')).toBe('content\n');
    sh('test "$(getfattr -n user.short --only-values destination/file)" = s; test "$(readlink destination/short)" = short');
  } finally {
    sh('umount -l destination');
  }
}, 30_000);

test('a volume that cannot be written is one that may be tried again', async () => {
  await using volume = new TestVolume();
  const sh = shell(volume);
  sh('echo content >source/file');
  await volume.copy();
  sh('mount -t tmpfs -o ro none destination');
  try {
    await expect(volume.restore()).rejects.toMatchObject({ kind: 'retryable', reason: 'WriteFailed' });
  } finally {
    sh('umount -l destination');
  }
});

test('what is protected on the destination is replaced, removed and changed all the same', async () => {
  await using volume = new TestVolume();
  const sh = shell(volume);
  sh('mkdir source/kept; echo new >source/file; echo new >source/kept/file; echo new >source/kept/log');
  await volume.copy();
  sh(`truncate -s 16M disk; mkfs.ext4 -q disk; mount -o loop disk destination; cd destination; rmdir lost+found; mkdir -p kept surplus/below
    for path in file kept/file surplus/below/file; do echo old >$path; chattr +i $path; done; echo old >kept/log; chattr +a kept/log
    chattr +i surplus/below; chattr +a kept`);
  try {
    await volume.restore();
    expect(describeTree(volume.destination)).toEqual(describeTree(volume.source));
    expect(volume.warnings).toEqual([]);
  } finally {
    sh('umount -l destination');
  }
}, 30_000);
