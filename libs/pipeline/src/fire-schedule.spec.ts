import { expect, test } from '@jest/globals';
import { fireSchedule, type ScheduleFacts } from './fire-schedule.ts';

const facts = (change: Partial<ScheduleFacts> = {}): ScheduleFacts => ({
  kind: 'Stage',
  schedule: '0 * * * *',
  timeZone: 'UTC',
  suspend: false,
  concurrencyPolicy: 'Forbid',
  startingDeadlineSeconds: 600,
  nextRunAt: new Date('2026-11-27T12:00:00Z'),
  unfinished: [],
  ...change,
});
const at = (time: string) => new Date(`2026-11-27T${time}Z`);
const running = { id: 'r', kind: 'Stage' as const, phase: 'Running', ofThisSchedule: true };

test('nothing comes before its time, nor while it is suspended', () => {
  expect(fireSchedule(facts(), at('11:59:59'))).toBeUndefined();
  expect(fireSchedule(facts({ suspend: true }), at('12:00:01'))).toBeUndefined();
});

test('a time that has come starts a run, and the next one is set', () => {
  expect(fireSchedule(facts(), at('12:00:01'))).toEqual({
    scheduleTime: at('12:00:00'),
    nextRunAt: at('13:00:00'),
    starts: true,
    cancels: [],
  });
});

test('of many times that were missed the last counts, once, as long as its deadline has not passed', () => {
  const late = { scheduleTime: at('15:00:00'), nextRunAt: at('16:00:00') };
  expect(fireSchedule(facts(), at('15:10:00'))).toMatchObject({ ...late, starts: true });
  expect(fireSchedule(facts(), at('15:11:00'))).toMatchObject({
    ...late,
    starts: false,
    skipped: expect.stringContaining('660 s late, at most 600 s'),
  });
  expect(fireSchedule(facts({ startingDeadlineSeconds: null }), at('15:59:00'))).toMatchObject({ ...late, starts: true });
});

test('an unfinished run: the time is left out, waits, or cancels it', () => {
  const fired = (change: Partial<ScheduleFacts>) => fireSchedule(facts({ unfinished: [running], ...change }), at('12:00:01'));
  expect(fired({})).toMatchObject({ starts: false, skipped: expect.stringContaining('the run r') });
  expect(fired({ concurrencyPolicy: 'Queue' })).toMatchObject({ starts: true, cancels: [] });
  expect(fired({ concurrencyPolicy: 'Replace' })).toMatchObject({ starts: true, cancels: ['r'] });
  const cutOver = { id: 'c', kind: 'CutOver' as const, phase: 'Running', ofThisSchedule: false };
  expect(fired({ concurrencyPolicy: 'Replace', unfinished: [running, cutOver] })).toMatchObject({
    starts: false,
    cancels: [],
    skipped: expect.stringContaining('the run c'),
  });
  const waiting = { id: 'w', kind: 'Stage' as const, phase: 'Queued', ofThisSchedule: true };
  expect(fired({ concurrencyPolicy: 'Queue', unfinished: [running, waiting] })).toMatchObject({
    starts: false,
    skipped: 'its run w waits already',
  });
});
