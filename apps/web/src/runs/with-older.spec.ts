import type { RunSummary } from '@godwit/contracts/api';
import { expect, test } from '@jest/globals';
import { withOlder } from './with-older.ts';

const run = (id: string, progress = 0) => ({ id, progress }) as RunSummary;

test('what was pushed off the first page stays before what is older, and each run is as it was read last', () => {
  const latest = [run('6'), run('5', 1), run('4', 1)];
  const before = [run('5'), run('4'), run('3')];
  const runs = withOlder(latest, before, [run('2'), run('1')]);
  expect(runs.map(({ id, progress }) => `${id}:${progress}`)).toEqual(['6:0', '5:1', '4:1', '3:0', '2:0', '1:0']);
  expect(withOlder(latest, [], [])).toBe(latest);
});
