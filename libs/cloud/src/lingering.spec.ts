import { expect, test } from '@jest/globals';
import { lingering } from './lingering.ts';

test('a creation is given some time after all else has ended, and then ends for the same reason', async () => {
  const controller = new AbortController();
  const signal = lingering(controller.signal, 50);
  const ended = new Promise((resolve) => signal.addEventListener('abort', resolve));
  controller.abort(new Error('cancelled'));
  expect(signal.aborted).toBe(false);
  await ended;
  expect(signal.reason).toMatchObject({ message: 'cancelled' });
});

test('what has ended begins nothing', () => {
  expect(() => lingering(AbortSignal.abort(new Error('cancelled')), 50)).toThrow('cancelled');
});
