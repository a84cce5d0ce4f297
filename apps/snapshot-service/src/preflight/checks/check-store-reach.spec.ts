import { expect, test } from '@jest/globals';
import { buildFacts, volume } from '../testing/build-facts.ts';
import { checkStoreReach } from './check-store-reach.ts';

const check = (endpoint: string, volumes = [volume()]) => checkStoreReach(buildFacts({ endpoint, volumes }));

test.each([
  ['https://s3.eu-central-1.amazonaws.com', []],
  ['https://203.0.113.7:9000', []],
  ['http://localhost:9000', ['warning StoreAddressLocal']],
  ['http://127.0.0.1:9000', ['warning StoreAddressLocal']],
  ['http://[::1]:9000', ['warning StoreAddressLocal']],
  ['http://minio.storage.svc:9000', ['warning StoreAddressInCluster']],
  ['http://minio.storage.svc.cluster.local', ['warning StoreAddressInCluster']],
  ['http://minio:9000', ['warning StoreAddressInCluster']],
  ['http://10.1.2.3:9000', ['note StoreAddressPrivate']],
  ['http://192.168.1.9', ['note StoreAddressPrivate']],
])('%s', (endpoint, expected) => {
  expect(check(endpoint).map(({ severity, reason }) => `${severity} ${reason}`)).toEqual(expected);
});

test('without volumes no mover has to reach it', () => {
  expect(check('http://localhost:9000', [])).toEqual([]);
});
