import { randomBytes } from 'node:crypto';
import type { PackTransfer } from '@godwit/contracts/pack-transfer';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createObjectStore } from '../../create-object-store.ts';
import { ObjectExistsError, ObjectNotFoundError } from '../../object-errors.ts';
import { BufferSender } from '../buffer-sender.ts';
import { crc32c } from '../crc32c.ts';
import type { Conformance } from '../store-conformance.ts';
import { ODD_KEYS } from './odd-keys.ts';

const PACK_BYTES = 8 << 20;
const STREAMS = 8;

export function testTransfer(its: Conformance): void {
  describe('packs', () => {
    const signal = new AbortController().signal;
    let sender: BufferSender;
    let transfer: PackTransfer<Buffer>;
    beforeAll(() => {
      transfer = its.store.transfer((options) => {
        sender = new BufferSender(options);
        return sender;
      });
    });
    afterAll(() => sender.close());

    const put = (key: string, pack: Buffer) => transfer.put(key, pack, pack.length, crc32c(pack), signal);

    test('that are put are got, by either way', async () => {
      const pack = randomBytes(PACK_BYTES);
      await put('packs/one', pack);
      expect((await transfer.get('packs/one', signal)).equals(pack)).toBe(true);
      expect((await its.store.get('packs/one')).equals(pack)).toBe(true);
      await its.store.put('packs/other', pack);
      expect((await transfer.get('packs/other', signal)).equals(pack)).toBe(true);
    });

    test('may be empty', async () => {
      await put('packs/empty', Buffer.alloc(0));
      expect((await transfer.get('packs/empty', signal)).length).toBe(0);
    });

    test('travel side by side', async () => {
      const packs = Array.from({ length: STREAMS }, () => randomBytes(1 << 20));
      await Promise.all(packs.map((pack, index) => put(`packs/many/${index}`, pack)));
      const got = await Promise.all(packs.map((_, index) => transfer.get(`packs/many/${index}`, signal)));
      expect(got.every((pack, index) => pack.equals(packs[index]!))).toBe(true);
    });

    test('may have odd keys', async () => {
      for (const key of ODD_KEYS) {
        await put(`packs/${key}`, Buffer.from(key));
        expect((await transfer.get(`packs/${key}`, signal)).toString()).toBe(key);
        expect((await its.store.get(`packs/${key}`)).toString()).toBe(key);
      }
      await expect(put('packs/../out', Buffer.alloc(1))).rejects.toBeInstanceOf(RangeError);
    });

    test('that are missing are told as such', async () => {
      await expect(transfer.get('packs/none', signal)).rejects.toBeInstanceOf(ObjectNotFoundError);
    });

    test('are not sent, or taken, when asked to stop', async () => {
      const reason = new Error('asked to stop');
      await expect(transfer.get('packs/one', AbortSignal.abort(reason))).rejects.toBe(reason);
      const controller = new AbortController();
      const pack = randomBytes(PACK_BYTES);
      const sending = transfer.put('packs/stopped', pack, pack.length, crc32c(pack), controller.signal);
      setImmediate(() => controller.abort(reason));
      await expect(sending).rejects.toBe(reason);
    });

    test.each([
      ['secretAccessKey', 'not-the-secret-key-of-anybody', 'StoreAccessDenied'],
      ['bucket', 'no-such-bucket-of-ours', 'BucketNotFound'],
    ])('are refused with a wrong %s', async (field, value, reason) => {
      const store = createObjectStore({ ...its.config, [field]: value });
      const broken = store.transfer((options) => new BufferSender(options));
      await expect(broken.put('packs/x', Buffer.from('x'), 1, crc32c(Buffer.from('x')), signal)).rejects.toMatchObject({
        kind: 'fatal',
        reason,
      });
      await expect(broken.get('packs/one', signal)).rejects.toMatchObject({ kind: 'fatal', reason });
      store.close();
    });

    if (its.capabilities.conditionalWrites) {
      test('never overwrite', async () => {
        await put('packs/once', Buffer.from('first'));
        await expect(put('packs/once', Buffer.from('second'))).rejects.toBeInstanceOf(ObjectExistsError);
        expect((await transfer.get('packs/once', signal)).toString()).toBe('first');
      });
    } else {
      test('overwrite on this server', async () => {
        await put('packs/once', Buffer.from('first'));
        await put('packs/once', Buffer.from('second'));
        expect((await transfer.get('packs/once', signal)).toString()).toBe('second');
      });
    }

    const damaged = () => transfer.put('packs/damaged', Buffer.from('damaged'), 7, crc32c(Buffer.from('as sent')), signal);
    if (its.capabilities.checksums) {
      test('that were damaged on the way are not stored', async () => {
        await expect(damaged()).rejects.toMatchObject({ kind: 'retryable', reason: 'StoreReceivedDamage' });
        await expect(its.store.head('packs/damaged')).rejects.toBeInstanceOf(ObjectNotFoundError);
      });
    } else {
      test('that were damaged on the way are stored by this server', async () => {
        await damaged();
        expect((await its.store.get('packs/damaged')).toString()).toBe('damaged');
      });
    }
  });
}
