import { expect, test } from '@jest/globals';
import { Throttle } from './throttle.ts';

test('transfers are spaced by the rate, and the first does not wait', async () => {
  const throttle = new Throttle(10_000);
  const began = performance.now();
  await throttle.take(1000);
  expect(performance.now() - began).toBeLessThan(50);
  await Promise.all([throttle.take(1000), throttle.take(1000)]);
  expect(performance.now() - began).toBeGreaterThanOrEqual(195);
});

test('without a rate nothing waits', async () => {
  const throttle = new Throttle(undefined);
  const began = performance.now();
  for (let index = 0; index < 100; index += 1) await throttle.take(1e12);
  expect(performance.now() - began).toBeLessThan(100);
});

test('an abort ends the wait', async () => {
  const throttle = new Throttle(1);
  await throttle.take(1000);
  const reason = new Error('asked to stop');
  await expect(throttle.take(1, AbortSignal.timeout(20))).rejects.toThrow();
  await expect(throttle.take(1, AbortSignal.abort(reason))).rejects.toBe(reason);
});
