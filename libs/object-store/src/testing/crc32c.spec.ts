import { expect, test } from '@jest/globals';
import { crc32c } from './crc32c.ts';

// RFC 3720, B.4, and the check value of the algorithm.
test.each([
  [Buffer.from('123456789'), 'e3069283'],
  [Buffer.alloc(32), '8a9136aa'],
  [Buffer.alloc(32, 0xff), '62a8ab43'],
  [Buffer.alloc(0), '00000000'],
])('the CRC-32C of %j is %s', (data, hex) => {
  expect(Buffer.from(crc32c(data), 'base64').toString('hex')).toBe(hex);
});
