import { expect, test } from '@jest/globals';
import { explainGcpError, isAlreadyThere, isBusy, isNotFound } from './explain-gcp-error.ts';

const ofSdk = (code: number, httpStatusCode: number, message: string) =>
  Object.assign(new Error(message), { code, httpStatusCode });
const ofRequest = (status: number, data: object) =>
  Object.assign(new Error('Request failed'), { status, response: { status, data } });

test.each([
  ['QuotaExceeded', ofSdk(7, 403, 'Insufficient regional quota to satisfy request: resource "CPUS"')],
  ['QuotaExceeded', ofSdk(8, 429, "Quota 'IN_USE_ADDRESSES' exceeded.")],
  ['NoCapacity', ofSdk(8, 400, 'ZONE_RESOURCE_POOL_EXHAUSTED')],
  ['PermissionMissing', ofSdk(7, 403, 'Required "container.clusters.create" permission(s) for "projects/p".')],
  [
    'ApiDisabled',
    ofRequest(403, { error: { status: 'PERMISSION_DENIED', message: 'Compute Engine API has not been used in project 1' } }),
  ],
  ['CredentialsRefused', ofRequest(400, { error: 'invalid_grant', error_description: 'Invalid JWT Signature.' })],
  ['CredentialsRefused', new Error('Error code invalid_target: The target service is not there')],
  ['CredentialsRefused', ofSdk(16, 401, 'Request had invalid authentication credentials.')],
  ['NetworkUnfit', ofSdk(3, 400, 'Requested CIDR 10.0.0.0/14 overlaps with an existing one')],
  ['ProviderRefused', ofSdk(3, 400, 'Something else.')],
])('%s', (reason, error) => {
  expect(explainGcpError(error, 'creating GKE cluster shop')).toMatchObject({ kind: 'fatal', reason, cure: expect.any(String) });
});

test.each([
  ofSdk(14, 503, 'The service is currently unavailable.'),
  ofSdk(8, 429, "Quota exceeded for quota metric 'Reads' and limit 'Reads per minute per user'"),
  ofRequest(502, {}),
  Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }),
])('it may be otherwise soon: $message', (error) => {
  expect(explainGcpError(error, 'reading')).toMatchObject({ kind: 'retryable', reason: 'ProviderUnavailable' });
});

test('what is there, what is not and what is busy is known by its code', () => {
  expect(isNotFound(ofSdk(5, 404, 'Not found'))).toBe(true);
  expect(isNotFound(ofRequest(404, { error: { status: 'NOT_FOUND' } }))).toBe(true);
  expect(isAlreadyThere(ofSdk(6, 409, 'Already exists'))).toBe(true);
  expect(isBusy(ofSdk(9, 400, 'Operation operation-1 is currently creating cluster shop.'))).toBe(true);
  expect(isBusy(ofSdk(3, 400, 'Cluster is running incompatible operation operation-1'))).toBe(true);
  expect(isBusy(ofSdk(7, 403, 'Required permission'))).toBe(false);
});
