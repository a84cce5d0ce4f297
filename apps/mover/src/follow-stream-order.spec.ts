import { setTimeout as sleep } from 'node:timers/promises';
import { streamOrderKey } from '@godwit/contracts/archive-layout';
import { sealBlob } from '@godwit/volume-archive/seal';
import { StreamTarget } from '@godwit/volume-archive/stream-target';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { StreamOrderFollower } from './follow-stream-order.ts';

const KEY = Buffer.alloc(32, 7);
const PREFIX = 'runs/r/volumes/v';
const EVERY_MS = 5;

let target: StreamTarget;
let follower: StreamOrderFollower;
let objects: Map<string, Uint8Array>;
let fails: boolean;
let stop: AbortController;
let following: Promise<void>;

beforeEach(() => {
  objects = new Map();
  fails = false;
  target = new StreamTarget(2);
  const config = { action: 'copy', archive: { prefix: PREFIX, key: KEY.toString('base64') }, streamOrder: 3 } as const;
  follower = new StreamOrderFollower(config, target);
  const get = async (key: string) => {
    const object = objects.get(key);
    if (!object || fails) throw new Error('ObjectNotFound');
    return object;
  };
  stop = new AbortController();
  following = follower.follow(get, stop.signal, EVERY_MS);
});
afterEach(async () => {
  stop.abort();
  await following;
});

async function ordered(
  content: string,
  { side = 'copy' as 'copy' | 'restore', key = KEY, name = streamOrderKey(PREFIX, side) } = {},
) {
  objects.set(streamOrderKey(PREFIX, side), sealBlob(key, name, Buffer.from(content)));
  await sleep(EVERY_MS * 10);
}

test('without an order, or while none can be read, it keeps what it has, and then follows', async () => {
  await sleep(EVERY_MS * 4);
  expect(follower.use).toEqual({ streams: 2, streamOrder: 3 });
  fails = true;
  await ordered('{"order": 4, "streams": 7}');
  expect(target.value).toBe(2);
  fails = false;
  await sleep(EVERY_MS * 10);
  expect(target.value).toBe(7);
  expect(follower.use).toEqual({ streams: 7, streamOrder: 4 });
});

test('an order that was written late is not followed', async () => {
  await ordered('{"order": 9, "streams": 5}');
  await ordered('{"order": 8, "streams": 16}');
  expect(follower.use).toEqual({ streams: 5, streamOrder: 9 });
});

test.each([
  ['is not of the protocol', '{"order": 4, "streams": 99}', {}],
  ['is no JSON', 'x', {}],
  ['is of the other side', '{"order": 4, "streams": 7}', { side: 'restore' as const }],
  ['is sealed with another key', '{"order": 4, "streams": 7}', { key: Buffer.alloc(32, 8) }],
  ['was taken from elsewhere in the archive', '{"order": 4, "streams": 7}', { name: 'runs/r/volumes/w/streams-copy' }],
])('what %s changes nothing', async (_, content, options) => {
  await ordered(content, options);
  expect(follower.use).toEqual({ streams: 2, streamOrder: 3 });
  objects.clear();
  await ordered('{"order": 4, "streams": 1}');
  expect(target.value).toBe(1);
});

test('says what it still uses until surplus streams have ended', async () => {
  target.tellInUse(2);
  await ordered('{"order": 4, "streams": 1}');
  expect(follower.use).toEqual({ streams: 2, streamOrder: 4 });
  target.tellInUse(1);
  expect(follower.use).toEqual({ streams: 1, streamOrder: 4 });
});
