import { expect, test } from '@jest/globals';
import { type AddressGuard, endpointGuard, webhookGuard } from './address-guard.ts';

const guard = webhookGuard([]);

test.each([
  'http://127.0.0.1/',
  'http://169.254.169.254/latest/meta-data',
  'http://10.0.0.1:8080',
  'http://192.168.1.1',
  'http://[::1]/',
  'http://[::ffff:127.0.0.1]/',
  'http://[fd00::1]/',
  'http://[fe80::1]/',
  'http://0.0.0.0/',
  // The URL parser of the platform reads all of these as 127.0.0.1.
  'http://2130706433/',
  'http://0x7f.1/',
  'http://127.1/',
])('%s is refused', (url) => {
  expect(() => guard.checkUrl(url)).toThrow(/is not a public address/);
});

test.each(['https://203.0.114.1/', 'https://[2606:4700::1111]/', 'https://hooks.example.com/', 'http://localhost/'])(
  '%s passes: names are looked at when they are resolved',
  (url) => {
    expect(() => guard.checkUrl(url)).not.toThrow();
  },
);

const resolve = (of: AddressGuard, name: string) =>
  new Promise<unknown>((done, fail) => of.lookup(name, {}, (error, address) => (error ? fail(error) : done(address))));

test('a name that leads to an address which is not public is refused when it is resolved', async () => {
  await expect(resolve(guard, 'localhost')).rejects.toThrow('localhost is not a public address');
});

test('what the operator allows may be reached, and nothing beside it', async () => {
  const allowing = webhookGuard(['127.0.0.0/8', '::1/128', '10.1.0.0/16']);
  await expect(resolve(allowing, 'localhost')).resolves.toMatch(/127\.0\.0\.1|::1/);
  expect(['10.1.2.3', '10.2.0.1', '8.8.8.8'].map((address) => allowing.mayReach(address))).toEqual([true, false, true]);
});

test.each(['10.1.0.0', 'ten/8', '10.0.0.0/x', '10.0.0.0/99'])('"%s" is not a network', (network) => {
  expect(() => webhookGuard([network])).toThrow();
});

test.each([
  'https://127.0.0.1:6443',
  'http://169.254.169.254/latest/meta-data',
  'http://[::ffff:169.254.169.254]/',
  'http://[64:ff9b::a9fe:a9fe]/',
  'http://[fd00:ec2::254]/',
  'http://100.100.100.200/',
  'http://0.0.0.0/',
])('no cluster and no object storage is at %s', (url) => {
  expect(() => endpointGuard({ allowed: [], denied: [] }).checkUrl(url)).toThrow(/must not be reached from here/);
});

test('clusters and object storage may be in private networks, but for those that the operator denies', () => {
  const may = (networks: { allowed: string[]; denied: string[] }) =>
    ['10.1.2.3', '192.168.1.1', 'fd12::1', '127.0.0.1'].map((address) => endpointGuard(networks).mayReach(address));
  expect(may({ allowed: [], denied: [] })).toEqual([true, true, true, false]);
  expect(may({ allowed: ['127.0.0.0/8'], denied: ['10.0.0.0/8', 'fd00::/8'] })).toEqual([false, true, false, true]);
});
