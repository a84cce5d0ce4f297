import { describe, expect, test } from '@jest/globals';
import type { Conformance } from '../store-conformance.ts';
import { inByteOrder, listKeys } from './list-keys.ts';

/** More than one page of S3. */
const MANY = 1050;
const AT_ONCE = 50;

export function testListing(its: Conformance): void {
  describe('lists', () => {
    test('are in order, over several pages, and begin after a key', async () => {
      const names = Array.from({ length: MANY }, (_, index) => `many/${String(index).padStart(8, '0')}`);
      for (let from = 0; from < names.length; from += AT_ONCE) {
        await Promise.all(names.slice(from, from + AT_ONCE).map((key) => its.store.put(key, Buffer.from('x'))));
      }
      expect(await listKeys(its.store, 'many/')).toEqual(names);
      expect(await listKeys(its.store, 'many/', 'many/00000009')).toEqual(names.slice(10));
      expect(await listKeys(its.store, 'many/', 'many/00001047')).toEqual(names.slice(1048));
      expect(await listKeys(its.store, 'many/', names.at(-1))).toEqual([]);
      expect(await its.store.deletePrefix('many')).toBe(MANY);
      expect(await listKeys(its.store, 'many/')).toEqual([]);
    }, 60_000);

    test('begin after a key that is not there', async () => {
      for (const key of ['gaps/b', 'gaps/d', 'gaps/f']) await its.store.put(key, Buffer.from('x'));
      expect(await listKeys(its.store, 'gaps/', 'gaps/a')).toEqual(['gaps/b', 'gaps/d', 'gaps/f']);
      expect(await listKeys(its.store, 'gaps/', 'gaps/c')).toEqual(['gaps/d', 'gaps/f']);
      expect(await listKeys(its.store, 'gaps/', 'gaps/z')).toEqual([]);
    });

    test('are in the order of bytes, in which folders have no place of their own', async () => {
      const keys = ['order/a/x', 'order/a-b/x', 'order/a.b', 'order/ab', 'order/B', 'order/é', 'order/z'];
      for (const key of keys) await its.store.put(key, Buffer.from('x'));
      expect(await listKeys(its.store, 'order/')).toEqual(inByteOrder(keys));
    });

    test('take their prefix to the letter', async () => {
      for (const key of ['letter/run', 'letter/runs/7', 'letter/runs/70']) await its.store.put(key, Buffer.from('x'));
      expect(await listKeys(its.store, 'letter/runs/7')).toEqual(['letter/runs/7', 'letter/runs/70']);
      expect(await listKeys(its.store, 'letter/runs/')).toEqual(['letter/runs/7', 'letter/runs/70']);
      expect(await listKeys(its.store, 'letter/none')).toEqual([]);
    });
  });
}
