import { chmodSync, linkSync, mkdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { StreamTarget } from './stream-target.ts';
import { describeTree } from './testing/describe-tree.ts';
import { mutateTree } from './testing/mutate-tree.ts';
import { Random } from './testing/random.ts';
import { TestVolume } from './testing/test-volume.ts';

/** Names of one to eight bytes, of all that a name may hold; few of them, so that they meet. */
const byteName = fc
  .uint8Array({ minLength: 1, maxLength: 8 })
  .map((bytes) => Buffer.from(bytes.map((byte) => (byte === 0 || byte === 0x2f ? 0x5f : byte))))
  .filter((name) => !['.', '..', 'lost+found'].includes(name.toString('latin1')));
const name = fc.oneof(
  fc.constantFrom('a', 'b', 'a.b', 'a-b', 'ab').map((text) => Buffer.from(text)),
  byteName,
);
const mode = fc.integer({ min: 0, max: 0o7777 });
const seconds = fc.integer({ min: -(2 ** 31), max: 2 ** 32 });

const { entry } = fc.letrec<{ entry: Entry }>((tie) => ({
  entry: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({
      kind: fc.constant('file' as const),
      name,
      mode,
      seconds,
      size: fc.oneof(fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 0, max: 3_000_000 })),
    }),
    fc.record({ kind: fc.constant('symlink' as const), name, target: byteName }),
    fc.record({ kind: fc.constant('hardlink' as const), name, to: fc.nat({ max: 5 }) }),
    fc.record({
      kind: fc.constant('directory' as const),
      name,
      mode,
      seconds,
      entries: fc.array(tie('entry'), { maxLength: 5 }),
    }),
  ),
}));
type Entry =
  | { kind: 'file'; name: Buffer; mode: number; seconds: number; size: number }
  | { kind: 'symlink'; name: Buffer; target: Buffer }
  | { kind: 'hardlink'; name: Buffer; to: number }
  | { kind: 'directory'; name: Buffer; mode: number; seconds: number; entries: Entry[] };

function make(directory: Buffer, entries: readonly Entry[], files: Buffer[]): void {
  const taken = new Set<string>();
  for (const entry of entries) {
    if (taken.has(entry.name.toString('latin1'))) continue;
    taken.add(entry.name.toString('latin1'));
    const path = Buffer.concat([directory, Buffer.from('/'), entry.name]);
    if (entry.kind === 'symlink') symlinkSync(entry.target, path);
    else if (entry.kind === 'hardlink') {
      const target = files[entry.to];
      if (target) linkSync(target, path);
    } else if (entry.kind === 'file') {
      writeFileSync(path, Buffer.alloc(entry.size, entry.name));
      chmodSync(path, entry.mode);
      utimesSync(path, 0, entry.seconds);
      files.push(path);
    } else {
      mkdirSync(path);
      make(path, entry.entries, files);
      chmodSync(path, entry.mode);
      utimesSync(path, 0, entry.seconds);
    }
  }
}

test('any tree comes back as it was', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(entry, { maxLength: 8 }), async (entries) => {
      await using volume = new TestVolume();
      make(Buffer.from(volume.source), entries, []);
      const copied = await volume.copy();
      const restored = await volume.restore();
      expect(describeTree(volume.destination)).toEqual(describeTree(volume.source));
      expect(restored).toMatchObject({ digest: copied.digest, bytes: copied.bytes, files: copied.files, warnings: 0 });
      expect(volume.warnings).toEqual([]);
    }),
    { numRuns: 40 },
  );
}, 60_000);

const streams = fc.integer({ min: 1, max: 8 });
const numRuns = 15;

test('any tree that came about by many changes comes back as it was, by any number of streams, with an index or without', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0 }), streams, streams, fc.boolean(), async (seed, out, back, index) => {
      await using volume = new TestVolume();
      mutateTree(volume.source, new Random(seed), 120);
      const copied = await volume.copy({ streams: new StreamTarget(out), index });
      const restored = await volume.restore({ streams: new StreamTarget(back) });
      expect(describeTree(volume.destination)).toEqual(describeTree(volume.source));
      expect(restored).toEqual({ ...copied, storedBytes: expect.any(Number) });
      expect(volume.warnings).toEqual([]);
    }),
    { numRuns, endOnFailure: true },
  );
}, 60_000);

const range = fc.record({ at: fc.nat({ max: 12_000_000 }), length: fc.nat({ max: 1_500_000 }), isZero: fc.boolean() });

test('any device comes back byte for byte, whatever of it is zeros and whatever the destination held', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: 12_000_000 }), fc.array(range, { maxLength: 12 }), streams, async (size, ranges, count) => {
      await using volume = new TestVolume();
      const [device, target] = [join(volume.source, 'device'), join(volume.destination, 'device')];
      const content = Buffer.alloc(size);
      for (const { at, length, isZero } of ranges)
        content.fill(isZero ? 0 : 0x61 + (length % 26), Math.min(at, size), Math.min(at + length, size));
      writeFileSync(device, content);
      writeFileSync(target, Buffer.alloc(size, 'what was here before '));
      await volume.copy({ mode: 'Block', root: device, streams: new StreamTarget(count) });
      await volume.restore({ mode: 'Block', root: target, streams: new StreamTarget(count) });
      expect(readFileSync(target).equals(content)).toBe(true);
    }),
    { numRuns },
  );
}, 60_000);
