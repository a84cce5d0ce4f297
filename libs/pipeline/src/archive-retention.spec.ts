import { RunKind } from '@godwit/contracts/run';
import { Settings } from '@godwit/contracts/settings';
import { expect, test } from '@jest/globals';
import { archiveDeletionWait, keepArchiveUntil } from './archive-retention.ts';

const now = new Date('2026-11-27T12:00:00Z');
const settings = Settings.parse({ retention: { archive: { successHours: 1, failureHours: 24 } } });
const kind = 'Migration';

test.each([
  ['Succeeded', {}, '2026-11-27T13:00:00.000Z'],
  ['Failed', {}, '2026-11-28T12:00:00.000Z'],
  ['Cancelled', {}, '2026-11-28T12:00:00.000Z'],
  ['Succeeded', { successHours: 0 }, '2026-11-27T12:00:00.000Z'],
  ['Succeeded', { failureHours: 0 }, '2026-11-27T13:00:00.000Z'],
  ['Failed', { failureHours: 0.001 }, '2026-11-27T12:00:03.600Z'],
] as const)('a run that %s with %j is kept until %s', (outcome, archive, until) => {
  expect(keepArchiveUntil({ kind, outcome, retention: { archive } }, settings, now).toISOString()).toBe(until);
});

test('nothing is kept unless somebody says so, and only of a migration in one run', () => {
  const retention = { archive: {} };
  expect(keepArchiveUntil({ kind, outcome: 'Succeeded', retention }, Settings.parse({}), now)).toEqual(now);
  const wished = { outcome: 'Succeeded', retention: { archive: { successHours: 5 } } } as const;
  for (const other of RunKind.exclude(['Migration']).options)
    expect(keepArchiveUntil({ kind: other, ...wished }, settings, now)).toEqual(now);
});

test('what cannot be deleted is tried again soon, then less and less often', () => {
  expect([1, 2, 3, 100].map(archiveDeletionWait)).toEqual([10_000, 20_000, 40_000, 3_600_000]);
});
