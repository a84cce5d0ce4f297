import { expect, test } from '@jest/globals';
import { tellProgress } from './tell-progress.ts';

test('each change is told once, and what does not change once a minute', async () => {
  const lines: string[] = [];
  let now = 0;
  const observe = tellProgress(
    async (line) => void lines.push(line),
    0,
    () => now,
  );
  for (const [at, what, state] of [
    [0, 'cluster', 'CREATING'],
    [10_000, 'cluster', 'CREATING'],
    [20_000, 'nodes', 'CREATING'],
    [70_000, 'cluster', 'CREATING'],
    [80_000, 'cluster', 'ACTIVE'],
    [150_000, 'nodes', 'ACTIVE'],
  ] as const) {
    now = at;
    await observe({ what, state });
  }
  expect(lines).toEqual([
    'cluster: CREATING',
    'nodes: CREATING',
    'cluster: CREATING (1 min so far)',
    'cluster: ACTIVE (1 min so far)',
    'nodes: ACTIVE (2 min so far)',
  ]);
});
