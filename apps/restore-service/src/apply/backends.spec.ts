import { createServer } from 'node:http';
import { expect, test } from '@jest/globals';
import { clientOf } from '../../../../libs/kube/test/client-of.ts';
import { backendsOf, hasReadyEndpoint, waitForBackends } from './backends.ts';

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

test('a webhook waits until its backend has a ready endpoint, and hears of it by a watch', async () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://x');
    asked.push(`${url.pathname} ${url.searchParams.get('labelSelector')} ${url.searchParams.has('watch') ? 'watch' : 'list'}`);
    if (!url.searchParams.has('watch'))
      return void response.end(JSON.stringify({ metadata: { resourceVersion: '1' }, items: [slice(false)] }));
    response.write(`${JSON.stringify({ type: 'ADDED', object: { ...slice(false), metadata: { name: 'b' } } })}\n`);
    setTimeout(() => response.write(`${JSON.stringify({ type: 'MODIFIED', object: slice(true) })}\n`), 50);
  });
  const client = await clientOf(server);
  const service = { namespace: 'shop', name: 'hook' };
  const webhook = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: 'a' },
    webhooks: [{ clientConfig: { service } }],
  };
  const signal = new AbortController().signal;
  try {
    expect(await waitForBackends({ client, runId: 'run', overwrite: false, signal }, webhook)).toBeUndefined();
    const path = '/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices kubernetes.io/service-name=hook';
    expect(asked).toEqual([`${path} list`, `${path} watch`]);
  } finally {
    await client.close();
    server.closeAllConnections();
    server.close();
  }
});
