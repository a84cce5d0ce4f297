import { FatalError } from '@godwit/contracts/errors';
import { expect, test } from '@jest/globals';
import { type HookRunner, runHooks } from './run-hooks.ts';

const hook = (name: string) => ({
  name,
  type: 'Post' as const,
  labels: 'app:a',
  command: ['true'],
  timeoutSeconds: 1,
  onError: 'Fail' as const,
  namespaces: [],
});

/** Pods of the first hook cannot be listed; the others have none. */
function runner(asked: string[]): HookRunner {
  const log = { info: async () => {}, warn: async () => {} };
  return {
    client: { clusterName: 'source' },
    step: {},
    log,
    signal: new AbortController().signal,
    async podsOf({ name }: { name: string }) {
      asked.push(name);
      if (name === 'first') throw new FatalError('Forbidden', 'pods may not be listed');
      return [];
    },
  } as unknown as HookRunner;
}

test('hooks that take something back each get their turn, though the pods of one cannot be listed', async () => {
  const asked: string[] = [];
  const running = runHooks(runner(asked), [hook('first'), hook('second')], { goOn: true });
  await expect(running).rejects.toMatchObject({ reason: 'Forbidden' });
  expect(asked).toEqual(['first', 'second']);
});

test('other hooks stop at the first that cannot be run', async () => {
  const asked: string[] = [];
  const running = runHooks(runner(asked), [hook('first'), hook('second')], { goOn: false });
  await expect(running).rejects.toMatchObject({ reason: 'Forbidden' });
  expect(asked).toEqual(['first']);
});
