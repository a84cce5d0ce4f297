import { FatalError } from '@godwit/contracts/errors';
import { fromNetwork, fromStatus } from '@godwit/kube/kube-error';
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

const refused = (status: number, reason?: string) => fromStatus(status, { reason }, 'running a command', { cluster: 'source' });
const noAnswer = fromNetwork(new Error('ECONNREFUSED'), 'https://source', 'running a command', { cluster: 'source' });

/** Each hook has one pod, called as the hook; commands there cannot begin, for this reason. */
function refusing(errors: Record<string, Error>, warned: string[] = [], tried: string[] = []): HookRunner {
  return {
    client: {
      clusterName: 'source',
      async socket(path: string) {
        const pod = /pods\/(\w+)\/exec/.exec(path)![1]!;
        tried.push(pod);
        throw errors[pod]!;
      },
    },
    step: {},
    log: { info: async () => {}, warn: async (_step: unknown, message: string) => void warned.push(message) },
    signal: new AbortController().signal,
    podsOf: async ({ name }: { name: string }) => [{ namespace: 'a', name, container: 'c', ready: true }],
  } as unknown as HookRunner;
}

test.each([
  ['no answer', noAnswer],
  ['429', refused(429, 'TooManyRequests')],
  ['503', refused(503, 'ServiceUnavailable')],
  ['500, the node does not answer', refused(500, 'InternalError')],
])('a command that could not begin (%s) lets the step be tried again, whatever its hook says of errors', async (_name, error) => {
  for (const goOn of [true, false]) {
    for (const onError of ['Fail', 'Continue'] as const) {
      const warned: string[] = [];
      const running = runHooks(refusing({ first: error }, warned), [{ ...hook('first'), onError }], { goOn });
      await expect(running).rejects.toBe(error);
      expect(warned).toEqual([expect.stringContaining('Hook "first" in Pod a/first: cluster "source"')]);
    }
  }
});

test('what could not begin is tried again, though another hook failed for good; the others have their turn before', async () => {
  const tried: string[] = [];
  const broken = refusing({ first: refused(403), second: noAnswer, third: refused(403) }, [], tried);
  const hooks = ['first', 'second', 'third'].map(hook);
  await expect(runHooks(broken, hooks, { goOn: true })).rejects.toBe(noAnswer);
  expect(tried).toEqual(['first', 'second', 'third']);
});

test.each([
  ['no such pod', refused(404)],
  ['no permission', refused(403)],
  ['the container does not run, as the node says', refused(500)],
])('a command that is refused for good (%s) is a failure of its hook', async (_name, error) => {
  const runner = refusing({ first: error });
  await expect(runHooks(runner, [hook('first')], { goOn: true })).rejects.toMatchObject({ kind: 'fatal', reason: 'HookFailed' });
  await runHooks(runner, [{ ...hook('first'), onError: 'Continue' }], { goOn: true });
});
