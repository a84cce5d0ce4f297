import type { RunView, StepView, VolumeView } from '@godwit/contracts/api';
import type { StepName, StepState } from '@godwit/contracts/run';
import { declarationOf } from '@godwit/pipeline/pipeline';
import { expect, test } from '@jest/globals';
import { describeStage, stageStatus } from './stage-status.ts';

const step = (name: StepName, state: StepState, more: Partial<StepView> = {}): StepView => ({
  id: `${name}/${more.item ?? ''}`,
  name,
  item: '',
  state,
  attempt: 1,
  ...more,
});
const volume = (id: string, more: Partial<VolumeView> = {}): VolumeView => ({
  id,
  namespace: 'shop',
  name: id,
  targetNamespace: 'shop',
  capacityBytes: 1,
  ...more,
});
const NOW = Date.parse('2026-01-01T10:06:30.000Z');
const told = (name: StepName, steps: StepView[], volumes: VolumeView[] = [], phase: RunView['phase'] = 'Running') =>
  describeStage(stageStatus(declarationOf(name), { phase, steps, volumes }), NOW);

const preflighted = step('preflight', 'Succeeded');

test('a step waits, is queued, runs and is done', () => {
  expect(told('verify', [])).toBe('waits');
  expect(told('verify', [step('verify', 'Ready')])).toBe('queued');
  expect(told('verify', [step('verify', 'Running', { attempt: 3 })])).toBe('running, attempt 3');
  expect(told('verify', [step('verify', 'Succeeded', { attempt: 3 })])).toBe('done');
  expect(told('verify', [step('verify', 'Skipped')])).toBe('nothing to do');
});

test('a step that waits for something outside says for what, and how long', () => {
  const waiting = { what: 'node group workers', state: 'CREATING', since: '2026-01-01T10:00:00.000Z' };
  const creating = (since: string) => [step('provision-cluster', 'Running', { waiting: { ...waiting, since } })];
  expect(told('provision-cluster', creating(waiting.since))).toBe('waiting for node group workers: CREATING, 6 min');
  expect(told('provision-cluster', creating('2026-01-01T10:06:00.000Z'))).toBe('waiting for node group workers: CREATING');
});

test('a stage that fans out counts the volumes that are moved', () => {
  const volumes = [volume('a'), volume('b'), volume('c', { skipReason: 'no pod uses it' })];
  const copy = (item: string, state: StepState) => step('copy-volume', state, { item });
  expect(told('copy-volume', [], volumes)).toBe('waits');
  expect(told('copy-volume', [preflighted], volumes)).toBe('waits, 0 of 2 volumes');
  expect(told('copy-volume', [preflighted, copy('a', 'Succeeded')], volumes)).toBe('running, 1 of 2 volumes');
  expect(told('copy-volume', [preflighted, copy('a', 'Succeeded'), copy('b', 'Ready')], volumes)).toBe('running, 1 of 2 volumes');
  expect(told('copy-volume', [preflighted, copy('a', 'Succeeded'), copy('b', 'Succeeded')], volumes)).toBe(
    'done, 2 of 2 volumes',
  );
  expect(told('copy-volume', [preflighted])).toBe('nothing to do');
});

test('a failed stage brings its error, also while it is tried again', () => {
  const error = { kind: 'retryable' as const, reason: 'Timeout', message: 'took too long' };
  const status = stageStatus(declarationOf('verify'), {
    phase: 'Running',
    steps: [step('verify', 'Failed', { error })],
    volumes: [],
  });
  expect(status).toEqual({ state: 'failed', attempt: 1, error });
});

test('what has not begun when the run ends is not done, but cleanup is still to come', () => {
  expect(told('verify', [preflighted], [], 'Finishing')).toBe('not done');
  expect(told('cleanup', [preflighted], [], 'Finishing')).toBe('waits');
  expect(told('cleanup', [preflighted], [], 'Failed')).toBe('not done');
});
