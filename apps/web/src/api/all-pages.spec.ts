import { expect, test } from '@jest/globals';
import { allPages } from './all-pages.ts';

test('a list is read to its end, each page from where the one before has ended', async () => {
  const asked: unknown[] = [];
  const pages = [{ items: [1, 2], next: 'b' }, { items: [3], next: 'c' }, { items: [] }];
  const read = async (query: object) => {
    asked.push(query);
    return pages[asked.length - 1]!;
  };
  expect(await allPages(read)).toEqual([1, 2, 3]);
  expect(asked).toEqual([{ limit: 1_000 }, { limit: 1_000, after: 'b' }, { limit: 1_000, after: 'c' }]);
});
