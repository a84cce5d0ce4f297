import { expect, test } from '@jest/globals';
import { matchesSelector } from './label-selector.ts';

const expression = (operator: string, values?: string[]) => ({ matchExpressions: [{ key: 'tier', operator, values }] });

test.each([
  [{}, {}, true],
  [{ matchLabels: { tier: 'gold' } }, { tier: 'gold', app: 'web' }, true],
  [{ matchLabels: { tier: 'gold' } }, { tier: 'iron' }, false],
  [expression('In', ['gold']), { tier: 'gold' }, true],
  [expression('In', ['gold']), {}, false],
  [expression('NotIn', ['gold']), { tier: 'gold' }, false],
  [expression('NotIn', ['gold']), {}, true],
  [expression('Exists'), { tier: '' }, true],
  [expression('Exists'), {}, false],
  [expression('DoesNotExist'), {}, true],
  [expression('DoesNotExist'), { tier: '' }, false],
  [expression('Unheard'), { tier: 'gold' }, false],
  [{ matchLabels: { app: 'web' }, ...expression('Exists') }, { tier: 'gold' }, false],
])('%j on %j: %s', (selector, labels, matches) => {
  expect(matchesSelector(selector, labels as Record<string, string>)).toBe(matches);
});
