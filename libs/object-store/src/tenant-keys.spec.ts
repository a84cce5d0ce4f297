import { posix } from 'node:path';
import { tenantPrefix } from '@godwit/contracts/archive-layout';
import { ObjectStoreConfig } from '@godwit/contracts/object-store-config';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { RelativeKeys } from './relative-keys.ts';

const parts = fc.constantFrom('..', '.', '', 'runs', 'organisations', '/', '\\', '%2e%2e', '\u0000', 'é', '...');
const keys = fc.oneof(
  fc.string(),
  fc.array(fc.oneof(parts, fc.string()), { maxLength: 6 }).map((all) => all.join('/')),
  fc.array(parts, { maxLength: 6 }).map((all) => all.join('')),
);
const bases = fc
  .oneof(keys, fc.constantFrom('', 'godwit', 'a/b'))
  .filter((prefix) => ObjectStoreConfig.shape.prefix.safeParse(prefix).success);

/** What a server that takes keys for paths would make of a key. */
const asPath = (key: string) => posix.normalize(key.replaceAll('\\', '/'));

test('no key and no prefix of a tenant leaves its part of the bucket, not even on a server that takes keys for paths', () => {
  fc.assert(
    fc.property(bases, fc.uuid(), keys, (base, organisationId, key) => {
      const own = tenantPrefix(base, organisationId);
      const relative = new RelativeKeys(own);
      for (const name of [() => relative.toBucket(key), () => relative.prefixToBucket(key)]) {
        let inBucket: string;
        try {
          inBucket = name();
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
          continue;
        }
        expect(inBucket.startsWith(`${own}/`)).toBe(true);
        expect(asPath(inBucket).startsWith(`${own}/`)).toBe(true);
        expect(relative.fromBucket(inBucket)).toBe(key);
      }
    }),
    { numRuns: 2_000 },
  );
});

test('two tenants never share a prefix, nor is one within the other', () => {
  fc.assert(
    fc.property(bases, fc.uuid(), fc.uuid(), (base, one, other) => {
      fc.pre(one !== other);
      expect(`${tenantPrefix(base, one)}/`.startsWith(`${tenantPrefix(base, other)}/`)).toBe(false);
    }),
  );
});

test.each(['', '..', 'a/b', '../organisations', '0190a5d0-0000-7000-8000-00000000000'])('%j is no tenant', (id) => {
  expect(() => tenantPrefix('godwit', id)).toThrow(RangeError);
});
