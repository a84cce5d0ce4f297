import type { RunObject } from '@godwit/db/run-object-store';
import { expect, test } from '@jest/globals';
import { firstTold } from './outcomes.ts';
import { countOutcomes, nameSome, tellOutcomes } from './story.ts';

const object = (name: string, outcome: RunObject['outcome'], reason?: string): RunObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  namespace: 'shop',
  name,
  outcome,
  ...(reason ? { reason } : {}),
});

test('what an earlier attempt changed stays changed, though the next one finds nothing to do', () => {
  expect(firstTold(object('a', 'Merged'), object('a', 'Unchanged')).outcome).toBe('Merged');
  expect(firstTold(object('a', 'Updated'), object('a', 'Unchanged')).outcome).toBe('Updated');
});

test('else the last attempt tells', () => {
  expect(firstTold(object('a', 'Failed', 'quota'), object('a', 'Created'))).toEqual(object('a', 'Created'));
  expect(firstTold(object('a', 'Skipped'), object('a', 'Unchanged')).outcome).toBe('Unchanged');
  expect(firstTold(undefined, object('a', 'Unchanged')).outcome).toBe('Unchanged');
});

test('the story counts the outcomes that there are', () => {
  expect(countOutcomes([object('a', 'Skipped'), object('b', 'Created'), object('c', 'Created')])).toBe(
    '3 objects: 2 created, 1 skipped',
  );
  expect(countOutcomes([object('a', 'Created')])).toBe('1 object: 1 created');
  expect(countOutcomes([])).toBe('0 objects');
});

test('the story names what was skipped, reason by reason, and each failure', () => {
  expect(
    tellOutcomes([object('a', 'Skipped', 'is there'), object('b', 'Skipped', 'is there'), object('c', 'Failed', 'quota')]),
  ).toEqual([
    { level: 'info', message: 'Skipped, is there: ConfigMap shop/a, ConfigMap shop/b' },
    { level: 'warning', message: 'Failed: ConfigMap shop/c: quota' },
  ]);
});

test('long lists of names end', () => {
  expect(nameSome(['a', 'b', 'c'], 2)).toBe('a, b and 1 more');
  expect(nameSome(['a', 'b'], 2)).toBe('a, b');
});
