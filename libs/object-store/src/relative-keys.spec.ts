import { expect, test } from '@jest/globals';
import { RelativeKeys } from './relative-keys.ts';
import { addressOf } from './store-address.ts';

test('keys are below the prefix, and come back without it', () => {
  const keys = new RelativeKeys('team/a');
  expect(keys.toBucket('runs/7/closing')).toBe('team/a/runs/7/closing');
  expect(keys.fromBucket('team/a/runs/7/closing')).toBe('runs/7/closing');
  expect(new RelativeKeys('').toBucket('runs/7')).toBe('runs/7');
});

test.each(['', '/etc', '..', 'a/../b', './a'])('%j is no key', (key) => {
  expect(() => new RelativeKeys('team').toBucket(key)).toThrow(RangeError);
});

test('the address that errors show is without what a URL may hide', () => {
  const config = { endpoint: 'https://user:pass@s3.example.com:9000/?token=x', region: 'r', bucket: 'b' };
  const address = addressOf({ ...config, prefix: '', forcePathStyle: true, accessKeyId: 'a', secretAccessKey: 's' });
  expect(address).toEqual({ endpoint: 'https://s3.example.com:9000', region: 'r', bucket: 'b' });
});
