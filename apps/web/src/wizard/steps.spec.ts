import { expect, test } from '@jest/globals';
import { errorsOf, STEPS, stepsThatApply } from './steps.ts';

test('errors belong to the step of their field', () => {
  const errors = [
    { path: ['copy', 'concurrentStreams'], message: 'a' },
    { path: ['name'], message: 'b' },
  ];
  expect(errorsOf('selections', errors)).toEqual([errors[0]]);
  expect(errorsOf('summary', errors)).toEqual([errors[1]]);
  expect(errorsOf('destination', errors)).toEqual([]);
});

test('hooks are no step where there are none', () => {
  expect(stepsThatApply({ hooks: false, usesHooks: false })).not.toContain('hooks');
  expect(stepsThatApply({ hooks: false, usesHooks: true })).toContain('hooks');
  expect(stepsThatApply({ hooks: true, usesHooks: false })).toHaveLength(STEPS.length);
});
