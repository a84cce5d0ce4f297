import { fromNetwork, fromStatus } from '@godwit/kube/kube-error';
import { expect, test } from '@jest/globals';
import { isRefusal, retryDelayMs, withRetries } from './retries.ts';

const answer = (status: number, reason: string, more: object = {}) =>
  fromStatus(status, { reason, message: reason, ...more }, 'creating', { cluster: 'dest' });

test('what is of the moment is tried again, each time later, and a few times only', () => {
  const busy = answer(503, 'ServiceUnavailable');
  expect([1, 2, 3, 4, 5].map((tries) => retryDelayMs(busy, tries))).toEqual([500, 1000, 2000, 4000, undefined]);
});

test('the API server says how long to wait, within bounds', () => {
  const details = (retryAfterSeconds: number) => answer(429, 'TooManyRequests', { details: { retryAfterSeconds } });
  expect(retryDelayMs(details(7), 1)).toBe(7000);
  expect(retryDelayMs(details(3600), 1)).toBe(30_000);
});

test('a refusal is not tried again, but for an account that is not there yet', () => {
  expect(retryDelayMs(answer(422, 'Invalid'), 1)).toBeUndefined();
  expect(retryDelayMs(answer(403, 'Forbidden'), 1)).toBeUndefined();
  const early = answer(403, 'Forbidden', {
    message: 'error looking up service account a/default: serviceaccount "default" not found',
  });
  expect(retryDelayMs(early, 1)).toBe(500);
  expect(retryDelayMs(new Error('a bug'), 1)).toBeUndefined();
});

test('only an answer about the object is a refusal of the object', () => {
  expect([400, 403, 404, 409, 422, 500].map((status) => isRefusal(answer(status, 'X')))).toEqual(Array(6).fill(true));
  expect([401, 429, 502, 503, 504].map((status) => isRefusal(answer(status, 'X')))).toEqual(Array(5).fill(false));
  expect(isRefusal(fromNetwork(new Error('x'), 'https://a', 'creating', { cluster: 'dest' }))).toBe(false);
});

test('an abort ends the waiting for the next try', async () => {
  const controller = new AbortController();
  const reason = new Error('stopped');
  const work = withRetries(controller.signal, () => {
    setImmediate(() => controller.abort(reason));
    return Promise.reject(answer(429, 'TooManyRequests', { details: { retryAfterSeconds: 30 } }));
  });
  await expect(work).rejects.toMatchObject({ name: 'AbortError', cause: reason });
});
