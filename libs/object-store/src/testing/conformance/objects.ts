import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { createObjectStore } from '../../create-object-store.ts';
import { ObjectExistsError, ObjectNotFoundError } from '../../object-errors.ts';
import type { Conformance } from '../store-conformance.ts';
import { inByteOrder, listKeys, listObjects } from './list-keys.ts';
import { ODD_KEYS } from './odd-keys.ts';

export function testObjects(its: Conformance): void {
  describe('objects', () => {
    test.each([
      ['an empty object', 0],
      ['a small object', 11],
      ['a large object', 32_000_003],
    ])('%s that is put is got, headed and listed, with its size', async (name, size) => {
      const key = `round/${name}`;
      const body = randomBytes(size);
      await its.store.put(key, body);
      expect((await its.store.get(key)).equals(body)).toBe(true);
      expect(await its.store.head(key)).toEqual({ key, size });
      expect(await listObjects(its.store, key)).toEqual([{ key, size }]);
    });

    test('an object that is put again is the later one', async () => {
      await its.store.put('again', Buffer.from('the first one'));
      await its.store.put('again', Buffer.from('second'));
      expect((await its.store.get('again')).toString()).toBe('second');
      expect(await its.store.head('again')).toEqual({ key: 'again', size: 6 });
    });

    test('the beginning of an object can be read alone, also of a shorter and of an empty one', async () => {
      await its.store.put('first/ten', Buffer.from('0123456789'));
      await its.store.put('first/none', Buffer.alloc(0));
      expect((await its.store.get('first/ten', { first: 4 })).toString()).toBe('0123');
      expect((await its.store.get('first/ten', { first: 10 })).toString()).toBe('0123456789');
      expect((await its.store.get('first/ten', { first: 400 })).toString()).toBe('0123456789');
      expect((await its.store.get('first/none', { first: 4 })).length).toBe(0);
    });

    test('a missing object is told as such', async () => {
      await expect(its.store.get('nothing/here')).rejects.toBeInstanceOf(ObjectNotFoundError);
      await expect(its.store.get('nothing/here', { first: 10 })).rejects.toBeInstanceOf(ObjectNotFoundError);
      await expect(its.store.head('nothing/here')).rejects.toMatchObject({ reason: 'ObjectNotFound', key: 'nothing/here' });
    });

    test('odd keys name what was put there', async () => {
      for (const key of ODD_KEYS) await its.store.put(key, Buffer.from(key));
      for (const key of ODD_KEYS) {
        expect((await its.store.get(key)).toString()).toBe(key);
        expect(await its.store.head(key)).toEqual({ key, size: Buffer.byteLength(key) });
        expect(await listKeys(its.store, key)).toContain(key);
      }
      expect(await listKeys(its.store, 'odd/')).toEqual(inByteOrder(ODD_KEYS));
      await its.store.delete(ODD_KEYS);
      expect(await listKeys(its.store, 'odd/')).toEqual([]);
    });

    test('stores with another prefix of the same bucket do not see each other', async () => {
      const other = createObjectStore({ ...its.config, prefix: 'team/other' });
      await its.store.put('mine', Buffer.from('x'));
      await expect(other.get('mine')).rejects.toBeInstanceOf(ObjectNotFoundError);
      expect(await listKeys(other, '')).toEqual([]);
      other.close();
    });

    test('an abort ends a request with the reason of the signal', async () => {
      const reason = new Error('asked to stop');
      await expect(its.store.get('again', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
      const controller = new AbortController();
      const put = its.store.put('aborted', randomBytes(20_000_000), { signal: controller.signal });
      controller.abort(reason);
      await expect(put).rejects.toBe(reason);
    });
  });

  describe('a write that must not overwrite', () => {
    const write = (key: string, content: string) => its.store.put(key, Buffer.from(content), { ifAbsent: true });
    const race = async (key: string) => {
      const writes = await Promise.allSettled(Array.from({ length: 8 }, (_, index) => write(key, String(index))));
      return writes.flatMap(({ status }, index) => (status === 'fulfilled' ? [String(index)] : []));
    };

    if (its.capabilities.conditionalWrites) {
      test('leaves what is there, and of a race exactly one wins', async () => {
        await write('once/a', 'first');
        await expect(write('once/a', 'second')).rejects.toBeInstanceOf(ObjectExistsError);
        expect((await its.store.get('once/a')).toString()).toBe('first');
        const winners = await race('once/race');
        expect(winners).toHaveLength(1);
        expect([(await its.store.get('once/race')).toString()]).toEqual(winners);
      });
    } else {
      test('overwrites on this server', async () => {
        await write('once/a', 'first');
        await write('once/a', 'second');
        expect((await its.store.get('once/a')).toString()).toBe('second');
      });
    }
  });
}
