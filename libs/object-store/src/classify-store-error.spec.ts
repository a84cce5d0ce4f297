import { expect, test } from '@jest/globals';
import { classifyStoreError } from './classify-store-error.ts';
import { isMissingObject, isNotImplemented, isPreconditionFailed } from './read-thrown.ts';

const address = { endpoint: 'https://s3.example.com', region: 'eu-west-1', bucket: 'archives' };

function answer(name: string, status: number, message = 'told by the server') {
  return Object.assign(new Error(message), {
    name,
    $metadata: { httpStatusCode: status },
    $response: { headers: { authorization: 'AWS4-HMAC-SHA256 Credential=AKIASECRET' } },
    StringToSign: 'secret string to sign',
  });
}
const network = (code: string) => Object.assign(new Error(`connect ${code}`), { code });

test.each([
  ['NoSuchBucket', 404, 'fatal', 'BucketNotFound', 'There is no bucket "archives" at https://s3.example.com'],
  ['AccessDenied', 403, 'fatal', 'StoreAccessDenied', 'Access to bucket "archives" at https://s3.example.com was denied'],
  ['InvalidAccessKeyId', 403, 'fatal', 'StoreAccessDenied', 'does not know the access key'],
  ['SignatureDoesNotMatch', 403, 'fatal', 'StoreAccessDenied', 'does not accept the signature for region eu-west-1'],
  ['ExpiredToken', 400, 'fatal', 'StoreAccessDenied', 'has expired'],
  ['PermanentRedirect', 301, 'fatal', 'StoreWrongRegion', 'is not in region eu-west-1'],
  ['AuthorizationHeaderMalformed', 400, 'fatal', 'StoreWrongRegion', 'is not in region eu-west-1'],
  ['RequestTimeTooSkewed', 403, 'fatal', 'StoreClockSkew', 'differ too much'],
  ['Unknown', 403, 'fatal', 'StoreAccessDenied', 'was denied (HTTP 403'],
  ['EntityTooLarge', 400, 'fatal', 'StoreRefused', 'refused the request (HTTP 400 EntityTooLarge: told by the server)'],
  ['SlowDown', 503, 'retryable', 'StoreUnreachable', 'failed (HTTP 503 SlowDown'],
  ['Throttling', 429, 'retryable', 'StoreUnreachable', 'HTTP 429'],
])('an answer %s (HTTP %i) is %s with reason %s', (name, status, kind, reason, text) => {
  const error = classifyStoreError(answer(name, status), address);
  expect(error).toMatchObject({ kind, reason });
  expect(error.message).toContain(text);
});

test.each([
  [
    'ECONNREFUSED',
    'retryable',
    'StoreUnreachable',
    'https://s3.example.com cannot be reached: nothing listens there (ECONNREFUSED)',
  ],
  ['ENOTFOUND', 'retryable', 'StoreUnreachable', 'its name is not known to DNS'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'fatal', 'StoreCertificateUntrusted', 'is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT)'],
  ['CERT_HAS_EXPIRED', 'fatal', 'StoreCertificateUntrusted', 'CERT_HAS_EXPIRED'],
  ['EPROTO', 'fatal', 'StoreProtocolMismatch', 'does not speak https'],
])('a connection that ends with %s is %s with reason %s', (code, kind, reason, text) => {
  const error = classifyStoreError(network(code), address);
  expect(error).toMatchObject({ kind, reason });
  expect(error.message).toContain(text);
});

test('an error carries nothing of the request or the answer that could hold credentials', () => {
  const error = classifyStoreError(answer('SignatureDoesNotMatch', 403), address);
  expect(error.cause).toBeUndefined();
  expect(JSON.stringify({ ...error, message: error.message })).not.toMatch(/AKIASECRET|string to sign/);
});

test('a missing object, a taken key and a call that the server does not know are told apart', () => {
  expect(isMissingObject(answer('NoSuchKey', 404))).toBe(true);
  expect(isMissingObject(answer('NotFound', 404))).toBe(true);
  expect(isMissingObject(answer('NoSuchBucket', 404))).toBe(false);
  expect(isPreconditionFailed(answer('PreconditionFailed', 412))).toBe(true);
  expect(isPreconditionFailed(answer('AccessDenied', 403))).toBe(false);
  expect(isNotImplemented(answer('NotImplemented', 501))).toBe(true);
});
