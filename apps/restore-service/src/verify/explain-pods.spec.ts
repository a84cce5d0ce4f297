import { expect, test } from '@jest/globals';
import { explainPods, type Pod, selectorOf } from './explain-pods.ts';

const pod = (status: Pod['status']): Pod => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web-1' }, status });

test('an image that cannot be pulled, once for all pods', () => {
  const pulling = pod({
    containerStatuses: [
      { name: 'web', state: { waiting: { reason: 'ImagePullBackOff', message: 'Back-off pulling image "x"' } } },
    ],
  });
  expect(explainPods([pulling, pulling])).toEqual(['container web: ImagePullBackOff: Back-off pulling image "x"']);
});

test('a container that crashes says how it ended before', () => {
  const crashing = pod({
    containerStatuses: [
      {
        name: 'web',
        state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 10s' } },
        lastState: { terminated: { exitCode: 2, reason: 'Error' } },
      },
    ],
  });
  expect(explainPods([crashing])).toEqual([
    'container web: CrashLoopBackOff: back-off 10s: it ended before: Error with exit code 2',
  ]);
});

test('a pod that no node takes', () => {
  const message = '0/1 nodes are available: 1 Insufficient cpu.';
  const unscheduled = pod({ conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }] });
  expect(explainPods([unscheduled])).toEqual([`Unschedulable: ${message}`]);
});

test('a container that runs and is not ready; an init container that fails', () => {
  expect(explainPods([pod({ containerStatuses: [{ name: 'web', ready: false, state: { running: {} } }] })])).toEqual([
    'container web runs, but is not ready',
  ]);
  const failed = pod({ initContainerStatuses: [{ name: 'init', state: { terminated: { exitCode: 1, reason: 'Error' } } }] });
  expect(explainPods([failed])).toEqual(['container init ended: Error with exit code 1']);
});

test('what each pod passes, and what is well, tells nothing', () => {
  const starting = pod({ containerStatuses: [{ name: 'web', state: { waiting: { reason: 'ContainerCreating' } } }] });
  const well = pod({ containerStatuses: [{ name: 'web', ready: true, state: { running: {} } }] });
  expect(explainPods([starting, well, pod({})])).toEqual([]);
});

test('a selector as a list request takes it', () => {
  const selector = {
    matchLabels: { app: 'web' },
    matchExpressions: [
      { key: 'tier', operator: 'In', values: ['a', 'b'] },
      { key: 'old', operator: 'DoesNotExist' },
    ],
  };
  const of = (apiVersion: string, spec: object) => selectorOf({ apiVersion, kind: 'X', metadata: { name: 'a' }, spec });
  expect(of('apps/v1', { selector })).toBe('app=web,tier in (a,b),!old');
  expect(of('v1', { selector: { app: 'web' } })).toBe('app=web');
  expect(of('v1', {})).toBeUndefined();
});
