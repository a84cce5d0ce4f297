import type { ObjectStoreConfig } from '@godwit/contracts/object-store-config';
import { describe, expect, test } from '@jest/globals';
import { createObjectStore } from '../../create-object-store.ts';
import type { Conformance } from '../store-conformance.ts';
import { listKeys } from './list-keys.ts';

export function testRefusals(its: Conformance): void {
  describe('the connection test', () => {
    const failing = async (change: Partial<ObjectStoreConfig>) => {
      const broken = createObjectStore({ ...its.config, ...change }, { maxAttempts: 1 });
      try {
        await broken.check();
      } catch (error) {
        return error as Error;
      } finally {
        broken.close();
      }
      throw new Error('the connection test found nothing wrong');
    };

    test('leaves nothing behind', async () => {
      await its.store.check();
      expect(await listKeys(its.store, '.godwit-probe/')).toEqual([]);
    });

    test('names a bucket that is not there', async () => {
      const error = await failing({ bucket: 'no-such-bucket-of-ours' });
      expect(error).toMatchObject({ kind: 'fatal', reason: 'BucketNotFound' });
      expect(error.message).toContain(`"no-such-bucket-of-ours" at ${its.config.endpoint}`);
    });

    test('names wrong credentials, without telling them', async () => {
      const secretAccessKey = 'not-the-secret-key-of-anybody';
      const error = await failing({ secretAccessKey });
      expect(error).toMatchObject({ kind: 'fatal', reason: 'StoreAccessDenied' });
      expect(error.message + error.stack + JSON.stringify(error)).not.toContain(secretAccessKey);
      expect(await failing({ accessKeyId: 'nobody' })).toMatchObject({ kind: 'fatal', reason: 'StoreAccessDenied' });
    });

    const wrongs = [
      {
        what: 'session token',
        change: { sessionToken: 'made-up' },
        isSeen: its.capabilities.sessionTokens,
        reason: 'StoreAccessDenied',
      },
      { what: 'region', change: { region: 'mars-north-1' }, isSeen: its.capabilities.regions, reason: 'StoreWrongRegion' },
    ];
    for (const { what, change, isSeen, reason } of wrongs) {
      if (isSeen) {
        test(`names a wrong ${what}`, async () => {
          expect(await failing(change)).toMatchObject({ kind: 'fatal', reason });
        });
      } else {
        test(`sees no wrong ${what}, as this server sees none`, async () => {
          const store = createObjectStore({ ...its.config, ...change });
          await store.check();
          store.close();
        });
      }
    }
  });
}
