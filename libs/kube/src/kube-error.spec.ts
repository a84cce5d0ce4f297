import { expect, test } from '@jest/globals';
import { fromNetwork, fromStatus, KubeRequestError } from './kube-error.ts';

const subject = { cluster: 'prod', object: 'Pod shop/web' };

test.each([
  [401, undefined, 'Unauthorized', 'fatal'],
  [403, 'Forbidden', 'Forbidden', 'fatal'],
  [404, 'NotFound', 'NotFound', 'fatal'],
  [409, 'AlreadyExists', 'AlreadyExists', 'fatal'],
  [409, 'Conflict', 'Conflict', 'retryable'],
  [410, 'Expired', 'Expired', 'retryable'],
  [422, 'Invalid', 'Refused', 'fatal'],
  [429, 'TooManyRequests', 'ApiServerBusy', 'retryable'],
  [500, 'InternalError', 'ApiServerBusy', 'retryable'],
  [503, undefined, 'ApiServerBusy', 'retryable'],
])('%i %s becomes %s, %s', (httpStatus, apiReason, reason, kind) => {
  const error = fromStatus(httpStatus, { reason: apiReason, message: 'it says so' }, 'reading Pod shop/web', subject);
  expect(error).toMatchObject({ status: httpStatus, reason, kind, subject });
  expect(error.message).toBe('cluster "prod": reading Pod shop/web: it says so');
});

test('tells what to do about credentials and permissions', () => {
  expect(fromStatus(401, {}, 'x', subject).cure).toContain('credentials');
  expect(fromStatus(403, {}, 'x', subject).cure).toContain('permission');
});

test('keeps how long the API server asks to wait', () => {
  expect(fromStatus(429, { details: { retryAfterSeconds: 7 } }, 'x', subject).retryAfterSeconds).toBe(7);
});

test('an answer without a Status still says what was answered', () => {
  expect(fromStatus(502, {}, 'x', subject)).toMatchObject({ apiReason: 'HTTP502', message: expect.stringContaining('502') });
});

test("is() knows the API's reason", () => {
  const error = fromStatus(409, { reason: 'AlreadyExists' }, 'x', subject);
  expect(KubeRequestError.is(error, 'AlreadyExists')).toBe(true);
  expect(KubeRequestError.is(error, 'Conflict')).toBe(false);
  expect(KubeRequestError.is(new Error('AlreadyExists'), 'AlreadyExists')).toBe(false);
});

const withCode = (code: string) => Object.assign(new Error('low'), { code });

test.each([
  ['its own', withCode('ECONNREFUSED')],
  ['of its cause', new TypeError('fetch failed', { cause: withCode('ECONNREFUSED') })],
  ['deep', new Error('a', { cause: new Error('b', { cause: withCode('ECONNREFUSED') }) })],
  ['of several addresses', new TypeError('fetch failed', { cause: new AggregateError([withCode('ECONNREFUSED')]) })],
])('finds the code of the network, %s', (_where, thrown) => {
  const error = fromNetwork(thrown, 'https://k.example', 'reading', subject);
  expect(error).toMatchObject({ status: 0, reason: 'ClusterUnreachable', kind: 'retryable' });
  expect(error.message).toBe('cluster "prod": reading: no answer from https://k.example (ECONNREFUSED)');
  expect(error.cure).toContain('Nothing listens there');
});

test('an error that is its own cause ends too', () => {
  const circular = new Error('round');
  circular.cause = circular;
  expect(fromNetwork(circular, 'https://k.example', 'reading', subject).reason).toBe('ClusterUnreachable');
});
