import { expect, test } from '@jest/globals';
import { classifyStoreError } from './classify-store-error.ts';
import { isMissingObject, isNotImplemented, isPreconditionFailed, isTransient, retryAfterOf } from './read-thrown.ts';
import { StoreAnswerError } from './store-answer-error.ts';

const address = { endpoint: 'https://s3.example.com', region: 'eu-west-1', bucket: 'archives' };
const answer = (status: number, text = '', headers: Record<string, string> = {}) =>
  new StoreAnswerError({ status, headers, text });
const xml = (code: string, message = '') =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message><RequestId>1</RequestId></Error>`;

test('code and message are read out of the body', () => {
  const error = answer(403, xml('SignatureDoesNotMatch', 'Your key &amp; signature differ &lt;here&gt;'));
  expect(error.name).toBe('SignatureDoesNotMatch');
  expect(error.message).toBe('Your key & signature differ <here>');
  expect(classifyStoreError(error, address)).toMatchObject({ kind: 'fatal', reason: 'StoreAccessDenied' });
});

test('a missing object is told from a missing bucket, and from a page that is not of S3', () => {
  expect(isMissingObject(answer(404, xml('NoSuchKey')))).toBe(true);
  expect(isMissingObject(answer(404))).toBe(true);
  expect(isMissingObject(answer(404, xml('NoSuchBucket')))).toBe(false);
  expect(isMissingObject(answer(404, '<html><body>default backend - 404</body></html>'))).toBe(false);
  expect(classifyStoreError(answer(404, xml('NoSuchBucket')), address)).toMatchObject({ reason: 'BucketNotFound' });
});

test('answers without a body speak by their status', () => {
  expect(isPreconditionFailed(answer(412))).toBe(true);
  expect(isNotImplemented(answer(501))).toBe(true);
  expect(classifyStoreError(answer(403), address)).toMatchObject({ reason: 'StoreAccessDenied' });
});

test.each([
  [500, 'InternalError', true],
  [503, 'SlowDown', true],
  [502, '', true],
  [429, '', true],
  [408, '', true],
  [400, 'RequestTimeout', true],
  [501, 'NotImplemented', false],
  [400, 'BadDigest', false],
  [403, 'AccessDenied', false],
  [404, 'NoSuchKey', false],
  [412, 'PreconditionFailed', false],
])('HTTP %i %s may be sent again: %s', (status, code, again) => {
  expect(isTransient(answer(status, code && xml(code)))).toBe(again);
});

test('what the server asks for is kept', () => {
  expect(retryAfterOf(answer(429, '', { 'retry-after': '2' }))).toBe('2');
});
