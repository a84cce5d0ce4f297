import { afterAll, afterEach, expect, test } from '@jest/globals';
import { RedisService } from './redis.ts';

const url = process.env.GODWIT_TEST_REDIS_URL;
if (!url) throw new Error('GODWIT_TEST_REDIS_URL is not set: these tests need a real server');
const redis = new RedisService(url);

afterEach(() => redis.client.config('SET', 'maxmemory-policy', 'noeviction'));
afterAll(() => redis.onModuleDestroy());

test('takes a Redis that keeps what it has', async () => {
  await expect(redis.refuseEviction()).resolves.toBeUndefined();
});

test('refuses one that may throw messages away, and says what to set', async () => {
  await redis.client.config('SET', 'maxmemory-policy', 'allkeys-lru');
  await expect(redis.refuseEviction()).rejects.toThrow(/"allkeys-lru".*noeviction/);
});
