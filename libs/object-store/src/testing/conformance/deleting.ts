import { CreateMultipartUploadCommand, ListMultipartUploadsCommand } from '@aws-sdk/client-s3';
import { describe, expect, test } from '@jest/globals';
import { createClient } from '../../create-client.ts';
import type { Conformance } from '../store-conformance.ts';
import { listKeys } from './list-keys.ts';

export function testDeleting(its: Conformance): void {
  describe('deleting', () => {
    test('what is not there is no error', async () => {
      await its.store.put('gone/a', Buffer.from('x'));
      await its.store.delete(['gone/a', 'gone/never']);
      await its.store.delete([]);
      expect(await listKeys(its.store, 'gone/')).toEqual([]);
    });

    test('a folder spares its neighbours, and may be repeated', async () => {
      for (const key of ['runs/7/a', 'runs/7/b/c', 'runs/70/a']) await its.store.put(key, Buffer.from('x'));
      expect(await its.store.deletePrefix('runs/7')).toBe(2);
      expect(await its.store.deletePrefix('runs/7')).toBe(0);
      expect(await listKeys(its.store, 'runs/')).toEqual(['runs/70/a']);
    });

    test(`a folder ${its.capabilities.uploadsByPrefix ? 'ends' : 'leaves'} the uploads in it`, async () => {
      const client = createClient(its.config, { connectTimeoutMs: 5_000, idleTimeoutMs: 10_000 });
      const upload = { Bucket: its.config.bucket, Key: `${its.config.prefix}/uploads/7/half` };
      await client.send(new CreateMultipartUploadCommand(upload));
      await its.store.deletePrefix('uploads/7');
      const left = await client.send(new ListMultipartUploadsCommand({ Bucket: upload.Bucket, Prefix: upload.Key }));
      client.destroy();
      expect((left.Uploads ?? []).map(({ Key }) => Key)).toEqual(its.capabilities.uploadsByPrefix ? [] : [upload.Key]);
    });
  });
}
