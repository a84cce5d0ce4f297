import { expect, test } from '@jest/globals';
import { pageOf } from './pages.ts';

test.each([
  ['/', 'Runs'],
  ['/runs/1', 'Runs'],
  ['/runsx', undefined],
  ['/nothing', undefined],
])('%s belongs to %s', (path, title) => {
  expect(pageOf(path)?.title).toBe(title);
});
