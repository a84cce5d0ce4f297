import { FatalError, RetryableError } from '@godwit/contracts/errors';
import { expect, test } from '@jest/globals';
import { Cancelled, exitOf } from './exit-code.ts';

test.each([
  [new FatalError('ArchiveDamaged', ''), 5, 'ArchiveDamaged'],
  [new FatalError('NoSpace', ''), 8, 'NoSpace'],
  [new RetryableError('OtherWriter', ''), 10, 'OtherWriter'],
  [new RetryableError('StoreUnreachable', ''), 3, 'StoreUnreachable'],
  [new FatalError('StoreAccessDenied', ''), 4, 'StoreRefused'],
  [new FatalError('StoreCertificateUntrusted', ''), 4, 'StoreRefused'],
  [new FatalError('BucketNotFound', ''), 4, 'StoreRefused'],
  [new Cancelled(), 130, 'Cancelled'],
  [new TypeError('a bug'), 1, 'Unexpected'],
  [new FatalError('NobodyKnows', ''), 1, 'Unexpected'],
])('%s ends with exit code %i, %s', (error, code, reason) => {
  expect(exitOf(error)).toEqual({ code, reason });
});
