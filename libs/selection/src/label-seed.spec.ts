import { describe, expect, test } from '@jest/globals';
import { LabelSeedError, matchesLabels, parseLabelSeed } from './label-seed.ts';

describe('matchesLabels', () => {
  test.each<[string, Record<string, string> | undefined, boolean]>([
    ['', undefined, true],
    ['a:b,c x:y', { a: 'b', x: 'y' }, true],
    ['a:b,c x:y', { a: 'c', x: 'y', z: '1' }, true],
    ['a:b,c x:y', { a: 'b' }, false],
    ['a:b,c x:y', { a: 'd', x: 'y' }, false],
    ['a:b', undefined, false],
    ['a:b a:c', { a: 'b' }, false],
    ['app.kubernetes.io/name:web', { 'app.kubernetes.io/name': 'web' }, true],
    ['constructor:x', {}, false],
  ])('%s on %j: %s', (seed, labels, matches) => {
    expect(matchesLabels(parseLabelSeed(seed), labels)).toBe(matches);
  });
});

describe('parseLabelSeed', () => {
  test('reads terms between any white space, values once each', () => {
    expect(parseLabelSeed('  a:b,c,b\n\tx.io/y:Z_1.2 ')).toEqual([
      { key: 'a', values: ['b', 'c'] },
      { key: 'x.io/y', values: ['Z_1.2'] },
    ]);
  });

  test.each([
    ['app', 3, 'has no ":"'],
    ['a:b app', 7, 'has no ":"'],
    ['a:b :c', 4, 'key before ":" is missing'],
    ['a:', 2, 'value of "a" is missing'],
    ['a:b,', 4, 'value of "a" is missing'],
    ['a:b,,c', 4, 'value of "a" is missing'],
    ['a:b -x:y', 4, 'is not a label key'],
    ['UPPER.io/x:y', 0, 'is not a label key'],
    ['a/b/c:y', 0, 'is not a label key'],
    ['a:b:c', 2, 'is not a label value'],
    [`a:b,${'x'.repeat(64)}`, 4, 'is not a label value'],
    [`${'x'.repeat(64)}:y`, 0, 'is not a label key'],
  ])('%s fails at %i', (text, position, problem) => {
    const parse = () => parseLabelSeed(text);
    expect(parse).toThrow(LabelSeedError);
    expect(parse).toThrow(expect.objectContaining({ position, message: expect.stringContaining(problem) }));
  });
});
