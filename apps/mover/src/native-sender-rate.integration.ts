import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createObjectStore } from '@godwit/object-store/create-object-store';
import { copyVolume } from '@godwit/volume-archive/copy-volume';
import { restoreVolume } from '@godwit/volume-archive/restore-volume';
import { StreamTarget } from '@godwit/volume-archive/stream-target';
import { afterAll, expect, test } from '@jest/globals';
import { CountingProxy } from './testing/counting-proxy.ts';
import { testStore } from './testing/test-store.ts';

/** The rate of a stream, as the server sees it. */
const RATE = 2_000_000;
const STREAMS = 2;
/** As many packs for one stream as for the other, so that neither ends early. */
const BYTES = 50_000_000;
/** Of the expected rate, up or down. */
const TOLERANCE = 0.05;
const ATTEMPTS = 3;

const config = testStore();
const proxy = await CountingProxy.start(config.endpoint);
const store = createObjectStore({ ...config, endpoint: proxy.endpoint });
const home = mkdtempSync(join(tmpdir(), 'godwit-rate-'));
const [source, destination] = [join(home, 'source'), join(home, 'destination')];

afterAll(async () => {
  await store.deletePrefix('runs');
  store.close();
  proxy.stop();
  rmSync(home, { recursive: true, force: true });
});

/**
 * @returns the share of the expected rate that was kept, from the first bytes until all of them are done with. What the buffers of
 * sockets took ahead at full speed is in it, and its time too.
 */
async function shareOfRate(moved: () => number, work: () => Promise<unknown>): Promise<number> {
  const before = moved();
  let begun = 0;
  const timer = setInterval(() => {
    if (begun === 0 && moved() - before > RATE / 10) begun = performance.now();
  }, 5);
  await work();
  clearInterval(timer);
  const seconds = (performance.now() - begun) / 1000;
  expect(seconds).toBeGreaterThan(10);
  return (moved() - before) / seconds / (RATE * STREAMS);
}

test('two streams keep twice the rate of one, there and back', async () => {
  mkdirSync(source);
  writeFileSync(join(source, 'random'), randomBytes(BYTES));
  // A stream is never faster than it may be. What is slower for once, on a machine that is busy, may try again.
  let slowest = 0;
  for (let attempt = 1; attempt <= ATTEMPTS && slowest < 1 - TOLERANCE; attempt += 1) {
    const shares = await thereAndBack();
    for (const share of shares) expect(share).toBeLessThan(1 + TOLERANCE);
    slowest = Math.min(...shares);
  }
  expect(slowest).toBeGreaterThan(1 - TOLERANCE);
}, 180_000);

async function thereAndBack(): Promise<number[]> {
  mkdirSync(destination);
  const task = {
    volumeId: 'shop/data',
    mode: 'Filesystem' as const,
    store,
    prefix: `runs/${randomUUID()}/volumes/a`,
    key: randomBytes(32),
    maxBytesPerSecond: RATE,
  };
  const copy = () => copyVolume({ ...task, root: source, streams: new StreamTarget(STREAMS) });
  const restore = () => restoreVolume({ ...task, root: destination, streams: new StreamTarget(STREAMS), stallTimeoutMs: 10_000 });
  const copied = await shareOfRate(() => proxy.fromClients, copy);
  const restored = await shareOfRate(() => proxy.fromServer, restore);
  expect(readFileSync(join(destination, 'random')).equals(readFileSync(join(source, 'random')))).toBe(true);
  rmSync(destination, { recursive: true });
  return [copied, restored];
}
