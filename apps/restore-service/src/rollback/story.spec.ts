import { expect, test } from '@jest/globals';
import { describeRollback, leftFinding, rollbackIncomplete } from './story.ts';

const row = (outcome: 'Skipped' | 'Failed', reason: string) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  namespace: 'shop',
  name: 'a',
  outcome,
  reason,
});

test('a rollback is told in numbers', () => {
  expect(describeRollback({ Deleted: 12, Restored: 2, Skipped: 1 }, { count: 3, bytes: 3_210_000_000 })).toBe(
    'Rolled back: 12 objects deleted, 2 put back as they were, 1 left; 3 claims went with their data (3.2 GB moved)',
  );
  expect(describeRollback({ Deleted: 1 }, { count: 0, bytes: 0 })).toBe('Rolled back: 1 object deleted');
});

test('what is left is a warning, what failed an error that says what to do', () => {
  expect(leftFinding('dest', row('Skipped', 'others use it'))).toMatchObject({
    severity: 'warning',
    object: 'ConfigMap shop/a',
    message: 'is left as it is: others use it',
  });
  expect(leftFinding('dest', row('Failed', 'refused'))).toMatchObject({ severity: 'error', message: 'refused' });
  const error = rollbackIncomplete('dest', [row('Failed', 'refused')]);
  expect([error.reason, error.message]).toEqual([
    'RollbackIncomplete',
    'cluster "dest": not taken back: ConfigMap shop/a (refused)',
  ]);
  expect(error.cure).toMatch(/roll the migration back again/);
});
