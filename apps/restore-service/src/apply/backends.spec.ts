import { expect, test } from '@jest/globals';
import { backendsOf, hasReadyEndpoint } from './backends.ts';

const slice = (...ready: (boolean | undefined)[]) => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { name: 'a' },
  endpoints: ready.map((value) => ({ conditions: { ready: value } })),
});

test('each service behind a webhook is named once; a webhook at an address has none', () => {
  const service = { namespace: 'shop', name: 'hook', port: 443, path: '/validate' };
  const webhooks = [{ clientConfig: { service } }, { clientConfig: { service } }, { clientConfig: { url: 'https://a' } }];
  const object = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: 'a' },
    webhooks,
  };
  expect(backendsOf(object)).toEqual([{ namespace: 'shop', name: 'hook' }]);
});

test('an aggregated API has a service, one that the API server serves itself has none', () => {
  const api = (spec: object) => ({ apiVersion: 'apiregistration.k8s.io/v1', kind: 'APIService', metadata: { name: 'a' }, spec });
  expect(backendsOf(api({ service: { namespace: 'shop', name: 'api' } }))).toEqual([{ namespace: 'shop', name: 'api' }]);
  expect(backendsOf(api({ service: null }))).toEqual([]);
});

test('other kinds wait for nobody', () => {
  expect(backendsOf({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' } })).toEqual([]);
});

test('one ready endpoint is enough, and one that says nothing counts as ready', () => {
  expect(hasReadyEndpoint([slice(false, true)])).toBe(true);
  expect(hasReadyEndpoint([slice(undefined)])).toBe(true);
  expect(hasReadyEndpoint([slice(false), slice()])).toBe(false);
  expect(hasReadyEndpoint([])).toBe(false);
});
