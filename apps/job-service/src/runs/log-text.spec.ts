import type { RunEvent } from '@godwit/db/run-event-store';
import { expect, test } from '@jest/globals';
import { jsonLineOf, textLineOf } from './log-text.ts';

const event: RunEvent = {
  id: '7',
  at: new Date('2026-11-27T10:00:00.123Z'),
  level: 'warning',
  message: 'first\nsecond \u001b[31mred\u001b[0m \u009b \u2028 \u00e9',
  step: 'copy-volume',
  item: 'v1',
  data: { exitCode: 1 },
};
const volumes = new Map([['v1', 'shop/data']]);

test('a line is one line, says what it is about, and gives a terminal no orders', () => {
  expect(textLineOf(event, volumes)).toBe(
    '2026-11-27T10:00:00.123Z warning copy-volume volume shop/data first\\nsecond \\u001b[31mred\\u001b[0m \\u009b \\u2028 \u00e9\n',
  );
  const { step: _step, item: _item, ...ofRun } = event;
  expect(textLineOf({ ...ofRun, level: 'info', message: 'All is done' }, volumes)).toBe(
    '2026-11-27T10:00:00.123Z info    - All is done\n',
  );
  expect(textLineOf({ ...event, message: 'm' }, new Map())).toContain(' volume v1 m\n');
});

test('as JSON it has all there is', () => {
  expect(jsonLineOf(event, volumes).endsWith('}\n')).toBe(true);
  expect(JSON.parse(jsonLineOf(event, volumes))).toEqual({ ...event, at: event.at.toISOString(), volume: 'shop/data' });
});
