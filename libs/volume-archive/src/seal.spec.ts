import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { openBlob, sealBlob } from './seal.ts';
import { HEADER_LENGTH, TAG_LENGTH } from './sealed-header.ts';

const key = randomBytes(32);

test('any blob opens as what was sealed', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 5000 }), (plain) => {
      expect(openBlob(key, 'resources', sealBlob(key, 'resources', plain)).equals(plain)).toBe(true);
    }),
  );
});

test('a large blob of mixed content is compressed where that helps', () => {
  const random = randomBytes(1_000_000);
  const text = Buffer.alloc(5_000_000, 'kind: ConfigMap\n');
  const plain = Buffer.concat([text, random, text]);
  const sealed = sealBlob(key, 'resources', plain);
  expect(openBlob(key, 'resources', sealed).equals(plain)).toBe(true);
  expect(sealed.length).toBeLessThan(random.length + 300_000);
});

test('content that does not compress costs nothing but its frame', () => {
  const plain = randomBytes(1_000_000);
  expect(sealBlob(key, 'resources', plain).length).toBe(plain.length + HEADER_LENGTH + TAG_LENGTH + 8);
});

test('sealed twice, the same content looks different: neither key nor nonce comes again', () => {
  const plain = Buffer.alloc(1000, 'same');
  const [a, b] = [sealBlob(key, 'resources', plain), sealBlob(key, 'resources', plain)];
  expect(a.subarray(HEADER_LENGTH).equals(b.subarray(HEADER_LENGTH))).toBe(false);
});

test('it opens neither under another name nor with another key', () => {
  const sealed = sealBlob(key, 'resources', Buffer.from('plain'));
  expect(() => openBlob(key, 'volumes', sealed)).toThrow('belongs to something else');
  expect(() => openBlob(randomBytes(32), 'resources', sealed)).toThrow("was not sealed with this run's key");
  expect(() => openBlob(randomBytes(16), 'resources', sealed)).toThrow(RangeError);
});

test('no byte can be changed, and none be cut off', () => {
  const sealed = sealBlob(key, 'resources', Buffer.from('some plain text'));
  for (let at = 0; at < sealed.length; at += 1) {
    const changed = Buffer.from(sealed);
    changed[at] = (changed[at] ?? 0) ^ 0x10;
    expect(() => openBlob(key, 'resources', changed)).toThrow(expect.objectContaining({ reason: 'ArchiveDamaged' }));
    expect(() => openBlob(key, 'resources', sealed.subarray(0, at))).toThrow(
      expect.objectContaining({ reason: 'ArchiveDamaged' }),
    );
  }
});
