import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { matchesGlob } from './glob.ts';

test.each([
  ['shop', 'shop', true],
  ['shop', 'shops', false],
  ['', '', true],
  ['*', '', true],
  ['sh*p', 'shop', true],
  ['sh*p', 'shp', true],
  ['*op*', 'shop', true],
  ['?hop', 'shop', true],
  ['?', '', false],
  ['shop?', 'shop', false],
  ['a*b*c', 'a-b-b-c', true],
  ['a*b*c', 'a-c-b', false],
])('%s on %s: %s', (pattern, name, matches) => {
  expect(matchesGlob(pattern, name)).toBe(matches);
});

test('agrees with the regular expression of the same meaning', () => {
  const text = (characters: string) => fc.string({ unit: fc.constantFrom(...characters), maxLength: 8 });
  fc.assert(
    fc.property(text('ab*?'), text('ab'), (pattern, name) => {
      const meaning = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`);
      expect(matchesGlob(pattern, name)).toBe(meaning.test(name));
    }),
    { numRuns: 2000 },
  );
});

test('a pattern made to run long does not', () => {
  const started = performance.now();
  expect(matchesGlob('*a'.repeat(120), `${'a'.repeat(62)}b`)).toBe(false);
  expect(performance.now() - started).toBeLessThan(1000);
});
