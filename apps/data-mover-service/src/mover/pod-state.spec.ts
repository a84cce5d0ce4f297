import { MOVER_EXITS } from '@godwit/contracts/mover-protocol';
import { expect, test } from '@jest/globals';
import { MOVER_CONTAINER } from './mover-manifests.ts';
import { type MoverPod, moverState } from './pod-state.ts';

const result = { type: 'result', ok: true, bytes: 1, files: 1, packs: 1, storedBytes: 1, warnings: 0 };

function pod(state: object | undefined, status: object = {}, metadata: object = {}): MoverPod {
  const containerStatuses = state ? [{ name: MOVER_CONTAINER, state }] : undefined;
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'm', ...metadata }, status: { containerStatuses, ...status } };
}

test('runs', () => {
  expect(moverState(pod({ running: {} }))).toEqual({ phase: 'Running' });
});

test('is done with its result', () => {
  expect(moverState(pod({ terminated: { exitCode: 0, message: JSON.stringify(result) } }))).toEqual({ phase: 'Done', result });
});

test.each([
  ['no message', undefined, 'its termination message is empty'],
  ['a message that is cut', '{"cut', 'its termination message is "{\\"cut"'],
  ['the word that it failed', JSON.stringify({ ...result, ok: false }), 'its termination message is "{'],
])('a zero with %s is no success, and the next mover may tell what was done', (_, message, told) => {
  expect(moverState(pod({ terminated: { exitCode: 0, message } }))).toEqual({
    phase: 'Failed',
    exit: expect.objectContaining({ code: 0, reason: 'Unexpected', retryable: true }),
    message: expect.stringContaining(told),
  });
});

test.each(MOVER_EXITS.filter(({ code }) => code !== 0))('exit code $code is $reason', (exit) => {
  expect(moverState(pod({ terminated: { exitCode: exit.code } }))).toEqual({ phase: 'Failed', exit, message: exit.meaning });
});

test('repeats what the mover said of its failure', () => {
  const message = JSON.stringify({ ...result, ok: false, error: { reason: 'NoSpace', message: '/data/x does not fit' } });
  expect(moverState(pod({ terminated: { exitCode: 8, message } }))).toMatchObject({
    message: expect.stringContaining('/data/x does not fit'),
  });
});

test('says that memory ran out', () => {
  expect(moverState(pod({ terminated: { exitCode: 137, reason: 'OOMKilled' } }))).toMatchObject({
    exit: { reason: 'Killed', retryable: true },
    message: expect.stringContaining('OOMKilled'),
  });
});

test('an eviction leaves no state of the container, and another mover may succeed', () => {
  const evicted = pod(undefined, { phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: memory' });
  expect(moverState(evicted)).toMatchObject({
    phase: 'Failed',
    exit: { retryable: true },
    message: expect.stringContaining('low on resource'),
  });
});

test('a pod that is being deleted counts as failed, though it still runs', () => {
  expect(moverState(pod({ running: {} }, {}, { deletionTimestamp: '2026-01-01T00:00:00Z' })).phase).toBe('Failed');
});

test.each([
  [pod({ waiting: { reason: 'ImagePullBackOff', message: 'no such image' } }), 'ImagePullBackOff: no such image'],
  [
    pod(undefined, { conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: 'no node' }] }),
    'Unschedulable: no node',
  ],
  [pod(undefined), 'the pod waits for its volume or its node'],
])('tells what it waits for', (waiting, waitingFor) => {
  expect(moverState(waiting)).toEqual({ phase: 'Starting', waitingFor });
});
