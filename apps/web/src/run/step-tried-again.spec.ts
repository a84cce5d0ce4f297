import type { StepView } from '@godwit/contracts/api';
import type { StepName, StepState } from '@godwit/contracts/run';
import { expect, test } from '@jest/globals';
import { stepTriedAgain } from './step-tried-again.ts';

const error = { kind: 'retryable' as const, reason: 'ClusterUnreachable', message: 'no answer' };
const step = (name: StepName, state: StepState, more: Partial<StepView> = {}): StepView => ({
  id: name,
  name,
  item: '',
  state,
  attempt: 2,
  ...more,
});

test('a run that goes on tells of a step that failed until it is done', () => {
  const tried = (state: StepState) => stepTriedAgain({ phase: 'Running', steps: [step('verify', state, { error })] })?.name;
  expect((['Failed', 'Ready', 'Running', 'Succeeded'] as const).map(tried)).toEqual(['verify', 'verify', 'verify', undefined]);
  const fatal = step('verify', 'Failed', { error: { ...error, kind: 'fatal' } });
  expect(stepTriedAgain({ phase: 'Running', steps: [fatal, step('cleanup', 'Ready')] })).toBeUndefined();
});

test('a run that ends tells why it goes on cleaning up, and not of what it gave up', () => {
  const stopped = [step('copy-volume', 'Cancelled', { error }), step('post-hooks', 'Failed', { error })];
  const cleaning = (state: StepState) => [...stopped, step('cleanup', state, { error })];
  const tried = (state: StepState) => stepTriedAgain({ phase: 'Finishing', steps: cleaning(state) })?.name;
  expect((['Ready', 'Running', 'Failed', 'Succeeded'] as const).map(tried)).toEqual(['cleanup', 'cleanup', undefined, undefined]);
  const undoing = [...stopped.slice(0, 1), step('post-hooks', 'Ready', { error })];
  expect(stepTriedAgain({ phase: 'Finishing', steps: undoing })?.name).toBe('post-hooks');
});

test('a run that has ended tries nothing again', () => {
  expect(stepTriedAgain({ phase: 'Succeeded', steps: [step('cleanup', 'Ready', { error })] })).toBeUndefined();
});
