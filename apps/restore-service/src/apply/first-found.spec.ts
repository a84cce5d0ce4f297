import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { expect, test } from '@jest/globals';
import { firstFound } from './first-found.ts';

const config = (value: string): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'a' },
  data: { value },
});
const found = (previous?: KubernetesObject) => async () => previous;

test('a try that was cut off changed the object, though the next one finds nothing to do', async () => {
  const live = config('new');
  expect(await firstFound({ outcome: 'Unchanged', live }, found(config('old')))).toEqual({
    outcome: 'Updated',
    live,
    changes: [{ path: '/data/value', before: 'old', after: 'new' }],
    previous: config('old'),
  });
});

test('several tries count from the first', async () => {
  const second = { outcome: 'Merged', live: config('c'), changes: [], previous: config('b') } as const;
  expect(await firstFound({ ...second, changes: [] }, found(config('a')))).toMatchObject({
    outcome: 'Merged',
    changes: [{ before: 'a', after: 'c' }],
    previous: config('a'),
  });
});

test('what is as it was found is unchanged, and what the run made or left is not asked about', async () => {
  const live = config('same');
  expect(await firstFound({ outcome: 'Unchanged', live }, found(config('same')))).toEqual({ outcome: 'Unchanged', live });
  expect(await firstFound({ outcome: 'Unchanged', live }, found())).toEqual({ outcome: 'Unchanged', live });
  for (const outcome of ['Created', 'Skipped', 'Warned'] as const) {
    expect(await firstFound({ outcome, live }, found(config('old')))).toEqual({ outcome, live });
  }
});
