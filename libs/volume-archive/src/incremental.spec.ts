import { randomBytes } from 'node:crypto';
import {
  closeSync,
  copyFileSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { packKey } from './archive-keys.ts';
import { describeTree } from './testing/describe-tree.ts';
import { later } from './testing/later.ts';
import { mutateTree } from './testing/mutate-tree.ts';
import { Random } from './testing/random.ts';
import { makeSampleTree } from './testing/sample-tree.ts';
import { TestVolume } from './testing/test-volume.ts';

const PAGE = 8192;
const baseOf = (volume: TestVolume, prefix = 'first') => ({ prefix, volumeId: 'shop/data', key: volume.key });

function makeTwoPacks(root: string): void {
  mutateTree(root, new Random(1), 40);
  writeFileSync(join(root, 'large'), randomBytes(10_000_000));
}

/** A volume whose destination has the state of its first copy. */
async function restoredOnce(make: (root: string) => void) {
  const volume = new TestVolume();
  make(volume.source);
  const first = await later(() => volume.copy({ prefix: 'first', index: true }));
  await volume.restore({ prefix: 'first' });
  return { volume, first };
}

function overwrite(path: string, offsets: readonly number[], length: number): void {
  const descriptor = openSync(path, 'r+');
  for (const offset of offsets) writeSync(descriptor, randomBytes(length), 0, length, offset);
  closeSync(descriptor);
}

test('of a large file in which three of a hundred pages changed, little more than these is sent', async () => {
  const size = 64 << 20;
  const { volume, first } = await restoredOnce((root) => writeFileSync(join(root, 'database'), randomBytes(size)));
  await using _ = volume;
  const pages = Array.from({ length: size / PAGE }, (_, page) => page).filter((page) => (page * 7919) % 100 < 3);
  overwrite(
    join(volume.source, 'database'),
    pages.map((page) => page * PAGE),
    PAGE,
  );
  const { storedBytes, bytes } = await volume.copy({ base: baseOf(volume) });
  expect(bytes).toBe(pages.length * PAGE);
  expect(storedBytes).toBeLessThan(0.08 * size);
  await volume.restore({ holds: first.digest });
  expect(describeTree(volume.destination)).toEqual(describeTree(volume.source));
});

test('of a tree that did not change next to nothing is sent', async () => {
  const { volume, first } = await restoredOnce(makeSampleTree);
  await using _ = volume;
  const second = await volume.copy({ base: baseOf(volume), index: false });
  expect(second).toMatchObject({ bytes: 0, files: 0, base: first.digest });
  expect(second.storedBytes).toBeLessThan(3000);
  await volume.restore({ holds: first.digest });
  expect(describeTree(volume.destination)).toEqual(describeTree(volume.source));
});

test('a chain of deltas, each based on the one before or on any earlier one, ends with the tree as it is', async () => {
  await using volume = new TestVolume();
  const random = new Random(7);
  mutateTree(volume.source, random, 80);
  const states: { prefix: string; digest: string }[] = [];
  for (const prefix of ['0', '1', '2', '3', '4']) {
    const base = states.at(-1);
    const { digest } = await volume.copy({ prefix, index: true, ...(base && { base: baseOf(volume, base.prefix) }) });
    await volume.restore({ prefix, ...(base && { holds: base.digest }) });
    expect(describeTree(volume.destination)).toEqual(describeTree(volume.source));
    states.push({ prefix, digest });
    mutateTree(volume.source, random, 20);
  }
  for (const { prefix, digest } of states.slice(0, -1)) {
    // A volume whose restore is as old as that.
    const destination = join(volume.home, `as-of-${prefix}`);
    mkdirSync(destination);
    for (const [index, state] of states.slice(0, Number(prefix) + 1).entries()) {
      const holds = states[index - 1]?.digest;
      await volume.restore({ root: destination, prefix: state.prefix, ...(holds && { holds }) });
    }
    await volume.copy({ prefix: `since-${prefix}`, base: baseOf(volume, prefix) });
    await volume.restore({ root: destination, prefix: `since-${prefix}`, holds: digest });
    expect(describeTree(destination)).toEqual(describeTree(volume.source));
  }
  expect(volume.warnings).toEqual([]);
}, 30_000);

test('of a device only the blocks that changed are sent, also those that became zeros', async () => {
  await using volume = new TestVolume();
  const [device, target] = [join(volume.source, 'device'), join(volume.destination, 'device')];
  const content = Buffer.concat([randomBytes(12_000_000), Buffer.alloc(5_000_000), randomBytes(9_000_001)]);
  writeFileSync(device, content);
  writeFileSync(target, randomBytes(content.length));
  const { digest: holds } = await volume.copy({ mode: 'Block', root: device, prefix: 'first', index: true });
  await volume.restore({ mode: 'Block', root: target, prefix: 'first' });
  const random = new Random(3);
  for (let left = 30; left > 0; left -= 1) {
    const at = random.below(content.length - 70_000);
    content.fill(random.chance(50) ? 0 : left, at, at + random.below(70_000));
  }
  writeFileSync(device, content);
  const { bytes, base } = await volume.copy({ mode: 'Block', root: device, base: baseOf(volume) });
  expect(base).toBe(holds);
  expect(bytes).toBeLessThan(2_000_000);
  await volume.restore({ mode: 'Block', root: target, holds });
  expect(readFileSync(target).equals(content)).toBe(true);
});

const flip = (volume: TestVolume, number: number, at: number) => {
  const path = volume.store.pathOf(packKey('first', number));
  const bytes = readFileSync(path);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(path, bytes);
};

type Harmed = Partial<ReturnType<typeof baseOf>>;

test.each<[string, string, (volume: TestVolume) => Harmed | Promise<Harmed>]>([
  ['not there', 'is not there, or is not complete', () => ({ prefix: 'nowhere' })],
  [
    'not complete',
    'is not there, or is not complete',
    (volume) => {
      rmSync(volume.store.pathOf('first/closing'));
      return {};
    },
  ],
  ['of another volume', 'belongs to something else', () => ({ volumeId: 'shop/other' })],
  ['sealed with another key', "not sealed with this run's key", () => ({ key: randomBytes(32) })],
  [
    'damaged in the index of a pack',
    'Pack 1 of the archive is damaged',
    (volume) => {
      flip(volume, 1, 170);
      return {};
    },
  ],
  [
    'damaged in the header of a pack',
    'Pack 1 of the archive is damaged',
    (volume) => {
      flip(volume, 1, 50);
      return {};
    },
  ],
  [
    'mixed with another copy',
    'does not follow the one before it',
    async (volume) => {
      for (const name of ['!', 'large']) writeFileSync(join(volume.source, name), randomBytes(9_000_000));
      await volume.copy({ prefix: 'other', index: true });
      copyFileSync(volume.store.pathOf(packKey('other', 1)), volume.store.pathOf(packKey('first', 1)));
      return {};
    },
  ],
  [
    'lacking a pack',
    'does not exist',
    (volume) => {
      rmSync(volume.store.pathOf(packKey('first', 1)));
      return {};
    },
  ],
])('a base that is %s is told, and all is copied', async (_, why, harm) => {
  const { volume } = await restoredOnce(makeTwoPacks);
  await using _volume = volume;
  mutateTree(volume.source, new Random(5), 20);
  volume.warnings.length = 0;
  const base = { ...baseOf(volume), ...(await harm(volume)) };
  const copied = await volume.copy({ base, index: true });
  expect(copied.base).toBeUndefined();
  expect(volume.warnings).toEqual([
    { reason: 'BaseNotUsed', path: '/', message: expect.stringMatching(/^is copied as a whole: the earlier copy/) },
  ]);
  expect(volume.warnings[0]?.message).toContain(why);
  writeFileSync(join(volume.destination, 'surplus'), 'made meanwhile');
  await volume.restore();
  expect(describeTree(volume.destination)).toEqual(describeTree(volume.source));
});

test('a base that kept no index is told, and all is copied', async () => {
  await using volume = new TestVolume();
  makeSampleTree(volume.source);
  await volume.copy({ prefix: 'first' });
  expect((await volume.copy({ base: baseOf(volume) })).base).toBeUndefined();
  expect(volume.warnings.map(({ reason, message }) => `${reason} ${message}`)).toEqual([
    'BaseNotUsed is copied as a whole: the earlier copy kept no index',
  ]);
});

test.each(['that holds nothing known', 'that holds another state'])(
  'a delta over a volume %s is refused, and changes nothing',
  async (what) => {
    const { volume } = await restoredOnce(makeTwoPacks);
    await using _ = volume;
    mutateTree(volume.source, new Random(5), 20);
    await volume.copy({ base: baseOf(volume) });
    const before = describeTree(volume.destination);
    const holds = what.endsWith('state') ? { holds: 'ab'.repeat(32) } : {};
    await expect(volume.restore(holds)).rejects.toMatchObject({ kind: 'fatal', reason: 'BaseMissing' });
    expect(describeTree(volume.destination)).toEqual(before);
  },
);

test('a delta over files that are not as its base has them is refused where that is seen', async () => {
  const { volume, first } = await restoredOnce((root) => writeFileSync(join(root, 'large'), randomBytes(3_000_000)));
  await using _ = volume;
  overwrite(join(volume.source, 'large'), [100], 5);
  await volume.copy({ base: baseOf(volume) });
  rmSync(join(volume.destination, 'large'));
  await expect(volume.restore({ holds: first.digest })).rejects.toMatchObject({ reason: 'BaseMissing' });
});

test('what became another kind of thing is that, also a directory with all that was in it', async () => {
  const { volume, first } = await restoredOnce((root) => {
    for (const name of ['a', 'b', 'c', 'd']) {
      mkdirSync(join(root, name, 'below'), { recursive: true });
      writeFileSync(join(root, name, 'below/file'), name);
      writeFileSync(join(root, name, 'file'), name);
    }
    writeFileSync(join(root, 'e'), 'e');
    symlinkSync('elsewhere', join(root, 'f'));
  });
  await using _ = volume;
  for (const name of ['a', 'b', 'd', 'e', 'f']) rmSync(join(volume.source, name), { recursive: true });
  writeFileSync(join(volume.source, 'a'), 'a file now');
  symlinkSync('c', join(volume.source, 'b'));
  renameSync(join(volume.source, 'c'), join(volume.source, 'd'));
  writeFileSync(join(volume.source, 'c'), randomBytes(1_500_000));
  for (const name of ['e', 'f']) mkdirSync(join(volume.source, name, 'new'), { recursive: true });
  await volume.copy({ base: baseOf(volume) });
  await volume.restore({ holds: first.digest });
  expect(describeTree(volume.destination)).toEqual(describeTree(volume.source));
});
