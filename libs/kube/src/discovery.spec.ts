import { expect, test } from '@jest/globals';
import { toDiscovery } from './discovery.ts';
import { apiVersionOf, NAMESPACE, POD, type ResourceType, resourcePath, VOLUME_SNAPSHOT } from './resource-type.ts';

const type = (group: string, version: string, kind: string): ResourceType => ({
  ...POD,
  group,
  version,
  kind,
  plural: `${kind.toLowerCase()}s`,
});

const newest = type('shop.example', 'v2', 'Order');
const older = type('shop.example', 'v1', 'Order');
const onlyOlder = type('shop.example', 'v1', 'Basket');
const sameKind = type('other.example', 'v1', 'Order');
const served = toDiscovery([newest, older, onlyOlder, sameKind], ['metrics.k8s.io/v1']);

test('prefers for each kind the first version that serves it', () => {
  expect(served.preferred).toEqual([newest, onlyOlder, sameKind]);
});

test('finds a kind of a group, in the preferred or a given version', () => {
  expect(served.find('shop.example', 'Order')).toBe(newest);
  expect(served.find('shop.example', 'Order', 'v1')).toBe(older);
  expect(served.find('other.example', 'Order')).toBe(sameKind);
  expect(served.find('shop.example', 'Order', 'v3')).toBeUndefined();
  expect(served.find('', 'Order')).toBeUndefined();
});

test('paths follow group and scope', () => {
  expect(resourcePath(POD, 'shop', 'web')).toBe('/api/v1/namespaces/shop/pods/web');
  expect(resourcePath(POD)).toBe('/api/v1/pods');
  expect(resourcePath(VOLUME_SNAPSHOT, 'shop')).toBe('/apis/snapshot.storage.k8s.io/v1/namespaces/shop/volumesnapshots');
  expect(resourcePath(NAMESPACE, 'ignored', 'shop')).toBe('/api/v1/namespaces/shop');
  expect(apiVersionOf(POD)).toBe('v1');
  expect(apiVersionOf(VOLUME_SNAPSHOT)).toBe('snapshot.storage.k8s.io/v1');
});

test('a name cannot leave its place in a path', () => {
  expect(resourcePath(POD, 'shop', '../secrets/x')).toBe('/api/v1/namespaces/shop/pods/..%2Fsecrets%2Fx');
});
