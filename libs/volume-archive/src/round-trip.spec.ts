import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  appendFileSync,
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { StreamTarget } from './stream-target.ts';
import { describeTree } from './testing/describe-tree.ts';
import { makeSampleTree } from './testing/sample-tree.ts';
import { TestVolume } from './testing/test-volume.ts';

test('a tree with one of everything comes back as it was', async () => {
  await using volume = new TestVolume();
  makeSampleTree(volume.source);
  const copied = await volume.copy();
  const restored = await volume.restore();
  expect(describeTree(volume.destination)).toEqual(describeTree(volume.source));
  expect(restored).toEqual({ ...copied, storedBytes: expect.any(Number) });
  expect(copied.digest).toMatch(/^[0-9a-f]{64}$/);
  expect(copied.packs).toBeGreaterThan(2);
  expect(volume.warnings).toEqual([]);
});

test('holes stay holes, in the archive and on the destination', async () => {
  await using volume = new TestVolume();
  const descriptor = openSync(join(volume.source, 'sparse'), 'w');
  writeSync(descriptor, randomBytes(1000), 0, 1000, 100_000_000);
  closeSync(descriptor);
  truncateSync(join(volume.source, 'sparse'), 300_000_000);
  const { bytes, storedBytes } = await volume.copy();
  await volume.restore();
  expect(bytes).toBeLessThan(600_000);
  expect(storedBytes).toBeLessThan(100_000);
  const restored = statSync(join(volume.destination, 'sparse'));
  expect(restored.size).toBe(300_000_000);
  expect(restored.blocks * 512).toBeLessThan(1_000_000);
});

test('times before 1970 and with parts of a second are kept', async () => {
  await using volume = new TestVolume();
  for (const [name, seconds] of Object.entries({ old: '-1000000000.25', young: '2000000000.5' })) {
    writeFileSync(join(volume.source, name), name);
    utimesSync(join(volume.source, name), seconds, seconds);
  }
  await volume.copy();
  await volume.restore();
  const timeOf = (name: string) => statSync(join(volume.destination, name), { bigint: true }).mtimeNs;
  expect([timeOf('old'), timeOf('young')]).toEqual([-1_000_000_000_250_000_000n, 2_000_000_000_500_000_000n]);
});

test('an empty volume is an archive of one pack', async () => {
  await using volume = new TestVolume();
  expect(await volume.copy()).toMatchObject({ packs: 1, files: 0, bytes: 0 });
  await volume.restore();
  expect(describeTree(volume.destination)).toEqual(describeTree(volume.source));
});

test('a restore that starts before the copy follows it to its end', async () => {
  await using volume = new TestVolume();
  makeSampleTree(volume.source);
  const restoring = volume.restore();
  await setTimeout(200);
  const copied = await volume.copy({ maxBytesPerSecond: 20_000_000 });
  expect((await restoring).digest).toBe(copied.digest);
  expect(describeTree(volume.destination)).toEqual(describeTree(volume.source));
});

test('a restore reads packs while the copy is still writing', async () => {
  await using volume = new TestVolume();
  writeFileSync(join(volume.source, 'random'), randomBytes(40_000_000));
  const events: string[] = [];
  const restoring = volume.restore({ onProgress: ({ bytesDone }) => bytesDone > 0 && events.push('restored') });
  await volume.copy({ maxBytesPerSecond: 12_000_000 });
  events.push('copied');
  await restoring;
  expect(events.indexOf('restored')).toBeLessThan(events.indexOf('copied'));
});

test('a copy repeated after its end sends nothing and tells the same', async () => {
  await using volume = new TestVolume();
  makeSampleTree(volume.source);
  const first = await volume.copy();
  const written = volume.store.written.length;
  expect(await volume.copy()).toEqual({ ...first, storedBytes: 0 });
  expect(volume.store.written).toHaveLength(written);
});

test('a restore over what an earlier one left ends with the same tree', async () => {
  await using volume = new TestVolume();
  makeSampleTree(volume.source);
  await volume.copy();
  await volume.restore();
  await volume.restore();
  expect(describeTree(volume.destination)).toEqual(describeTree(volume.source));
});

test('what cannot be kept is told: sockets', async () => {
  await using volume = new TestVolume();
  const script = "require('net').createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))";
  try {
    execFileSync(process.execPath, ['-e', script, join(volume.source, 'socket')], { stdio: 'ignore' });
  } catch {
    // Killed, as it asked to be: a socket without its process stays behind.
  }
  expect(await volume.copy()).toMatchObject({ files: 0, warnings: 1 });
  expect(volume.warnings.map(({ reason, path }) => `${reason} ${path}`)).toEqual(['SocketSkipped socket']);
});

/**
 * Runs a copy whose packs are not taken for a while, so that it stands still in the middle of a first large file. That file must not
 * compress: packs are read ahead until those that are sealed take so much memory.
 */
async function copyWithPause(volume: TestVolume, meanwhile: () => void) {
  const gate = Promise.withResolvers<void>();
  volume.store.gate = gate.promise;
  let bytesDone = 0;
  const onProgress = (progress: { bytesDone: number }) => {
    bytesDone = progress.bytesDone;
  };
  const copying = volume.copy({ onProgress });
  for (let before = -1; before !== bytesDone || bytesDone === 0; await setTimeout(600)) before = bytesDone;
  meanwhile();
  gate.resolve();
  return copying;
}

test.each([
  ['grows', (path: string) => appendFileSync(path, 'more')],
  ['is cut', (path: string) => truncateSync(path, 1_000_000)],
])('a file that %s while it is read is told, and the archive stays whole', async (_, change) => {
  await using volume = new TestVolume();
  const large = join(volume.source, 'large');
  writeFileSync(large, randomBytes(150_000_000));
  const { warnings } = await copyWithPause(volume, () => change(large));
  await volume.restore();
  expect(volume.warnings.map(({ reason, path }) => `${reason} ${path}`)).toEqual(['ChangedWhileRead large']);
  expect(warnings).toBe(1);
});

test('files that vanish behind the walk are told, and no symbolic link that replaces a directory is followed', async () => {
  await using volume = new TestVolume();
  mkdirSync(join(volume.source, 'b'));
  writeFileSync(join(volume.source, 'a'), randomBytes(150_000_000));
  writeFileSync(join(volume.source, 'b/inner'), 'inner');
  writeFileSync(join(volume.source, 'c'), 'c');
  mkdirSync(join(volume.home, 'elsewhere'));
  writeFileSync(join(volume.home, 'elsewhere/inner'), 'of another volume');
  await copyWithPause(volume, () => {
    rmSync(join(volume.source, 'b'), { recursive: true });
    rmSync(join(volume.source, 'c'));
    symlinkSync(join(volume.home, 'elsewhere'), join(volume.source, 'b'));
  });
  await volume.restore();
  expect(volume.warnings.map(({ reason, path }) => `${reason} ${path}`)).toEqual(['Vanished b', 'Vanished c']);
  const lines = describeTree(volume.destination).map((line) => line.split(' ').slice(0, 2).join(' '));
  expect(lines).toEqual(['dir ', 'file /a']);
});

test('a block device comes back byte for byte, its zeros unstored, over a destination that was not zero', async () => {
  await using volume = new TestVolume();
  const device = join(volume.source, 'device');
  const target = join(volume.destination, 'device');
  const content = Buffer.alloc(30_000_000);
  randomBytes(2_000_000).copy(content, 3_000_000);
  randomBytes(10).copy(content, 29_999_990);
  writeFileSync(device, content);
  writeFileSync(target, randomBytes(30_000_000));
  const copied = await volume.copy({ mode: 'Block', root: device });
  const restored = await volume.restore({ mode: 'Block', root: target });
  expect(sha(target)).toBe(sha(device));
  expect(restored.digest).toBe(copied.digest);
  expect(copied.bytes).toBeLessThan(3_000_000);
});

test('an archive of the other volume mode is refused', async () => {
  await using volume = new TestVolume();
  writeFileSync(join(volume.source, 'device'), randomBytes(1000));
  await volume.copy({ mode: 'Block', root: join(volume.source, 'device') });
  await expect(volume.restore()).rejects.toMatchObject({ reason: 'ArchiveDamaged', message: expect.stringContaining('Block') });
});

test('each stream keeps the speed limit, within five percent', async () => {
  await using volume = new TestVolume();
  writeFileSync(join(volume.source, 'random'), randomBytes(40_000_000));
  const timed = async (work: Promise<{ storedBytes: number }>) => {
    const began = performance.now();
    const { storedBytes } = await work;
    return (storedBytes * 1000) / (performance.now() - began) / 2;
  };
  const limit = () => ({ maxBytesPerSecond: 4_000_000, streams: new StreamTarget(2) });
  const rates = [await timed(volume.copy(limit())), await timed(volume.restore(limit()))];
  // Over about five seconds; the last packs do not keep both streams busy to the end, and a busy machine has less to give.
  for (const rate of rates) expect(rate / 4_000_000).toBeLessThan(1.05);
  for (const rate of rates) expect(rate / 4_000_000).toBeGreaterThan(0.5);
}, 30_000);

function sha(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}
