import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { expect, test } from '@jest/globals';
import { planQuiesce } from './plan-quiesce.ts';

const object = (
  kind: string,
  name: string,
  more: { owner?: [kind: string, name: string]; spec?: object; status?: object } = {},
): KubernetesObject => ({
  apiVersion: { Pod: 'v1', CronJob: 'batch/v1', Job: 'batch/v1' }[kind] ?? 'apps/v1',
  kind,
  metadata: {
    namespace: 'shop',
    name,
    uid: `${kind}/${name}`,
    ...(more.owner
      ? {
          ownerReferences: [
            { apiVersion: 'v1', kind: more.owner[0], name: more.owner[1], uid: more.owner.join('/'), controller: true },
          ],
        }
      : {}),
  },
  spec: { replicas: 2, ...more.spec },
  status: more.status ?? {},
});
const pod = (name: string, owner?: [string, string], claim?: string, phase = 'Running') =>
  object('Pod', name, {
    ...(owner ? { owner } : {}),
    spec: { volumes: claim ? [{ persistentVolumeClaim: { claimName: claim } }] : [] },
    status: { phase },
  });
const names = (objects: readonly KubernetesObject[]) => objects.map(({ metadata }) => metadata.name);

const WEB = object('Deployment', 'web');
const WEB_SET = object('ReplicaSet', 'web-1', { owner: ['Deployment', 'web'] });
const NIGHTLY = object('CronJob', 'nightly', { spec: { suspend: false } });
const RUNNING = object('Job', 'nightly-2', { owner: ['CronJob', 'nightly'] });
const FINISHED = object('Job', 'nightly-1', {
  owner: ['CronJob', 'nightly'],
  status: { conditions: [{ type: 'Complete', status: 'True' }] },
});
const isCaptured = ({ metadata }: KubernetesObject) => !metadata.ownerReferences && metadata.name !== 'left-out';

test('workloads are stopped with what they made; jobs of a CronJob too, unless they are finished', () => {
  const pods = [
    pod('web-1-a', ['ReplicaSet', 'web-1'], 'data'),
    pod('nightly-2-a', ['Job', 'nightly-2']),
    pod('nightly-1-a', ['Job', 'nightly-1'], 'data', 'Succeeded'),
  ];
  const plan = planQuiesce([NIGHTLY, RUNNING, FINISHED, WEB, WEB_SET], pods, isCaptured, new Set(['shop/data']), 'a-run');
  expect(plan.stop.map((one) => [one.object.metadata.name, (one.patch as KubernetesObject).spec])).toEqual([
    ['nightly', { suspend: true }],
    ['nightly-2', { suspend: true }],
    ['web', { replicas: 0 }],
  ]);
  expect(pods.map(plan.mustGo)).toEqual([true, true, false]);
  expect([plan.unstoppable, plan.goOn]).toEqual([[], []]);
});

test('a pod that nothing of the selection stops is refused where it holds a moved volume, else it goes on', () => {
  const leftOut = object('StatefulSet', 'left-out');
  const operated = object('StatefulSet', 'operated', { owner: ['Postgres', 'db'] });
  const pods = [
    pod('left-out-0', ['StatefulSet', 'left-out'], 'data'),
    pod('operated-0', ['StatefulSet', 'operated'], 'data'),
    pod('alone', undefined, 'other'),
  ];
  const plan = planQuiesce([leftOut, operated], pods, isCaptured, new Set(['shop/data']), 'a-run');
  expect(plan.stop).toEqual([]);
  expect(names(plan.unstoppable)).toEqual(['left-out-0', 'operated-0']);
  expect(plan.goOn).toEqual(['Pod shop/alone']);
});

test('what an attempt before has stopped is waited for, and not noted anew', () => {
  const stopped = object('Deployment', 'web', { spec: { replicas: 0 } });
  const annotated = {
    ...stopped,
    metadata: { ...stopped.metadata, annotations: { 'godwit.io/quiesced': '2', 'godwit.io/quiesced-by': 'a-run' } },
  };
  const plan = planQuiesce([annotated, WEB_SET], [], isCaptured, new Set(), 'a-run');
  expect(plan.stop).toEqual([]);
  expect(plan.mustGo(pod('web-1-a', ['ReplicaSet', 'web-1']))).toBe(true);
});
