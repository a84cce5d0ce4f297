import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { expect, test } from '@jest/globals';
import { mergePatch } from './merge-patch.ts';
import { isQuiescedBy, quiescePatch, resumePatch } from './quiesce.ts';

const workload = (apiVersion: string, kind: string, spec: object, metadata: object = {}): KubernetesObject => ({
  apiVersion,
  kind,
  metadata: { namespace: 'shop', name: 'web', annotations: { 'deployment.kubernetes.io/revision': '3' }, ...metadata },
  spec,
});
const apply = (object: KubernetesObject, patch: object | undefined) => mergePatch(object, patch) as KubernetesObject;
const template = (nodeSelector?: object) => ({
  template: { spec: { containers: [], ...(nodeSelector ? { nodeSelector } : {}) } },
});

test.each([
  ['a Deployment', workload('apps/v1', 'Deployment', { replicas: 3, ...template() }), { replicas: 0 }],
  ['a Deployment without a number', workload('apps/v1', 'Deployment', template()), { replicas: 0 }],
  ['a StatefulSet', workload('apps/v1', 'StatefulSet', { replicas: 1, serviceName: 'db' }), { replicas: 0 }],
  ['a ReplicaSet of its own', workload('apps/v1', 'ReplicaSet', { replicas: 2 }), { replicas: 0 }],
  [
    'a Job of a CronJob, which goes on though that is suspended',
    workload('batch/v1', 'Job', template(), { ownerReferences: [{ kind: 'CronJob', controller: true }] }),
    { suspend: true },
  ],
  ['a CronJob', workload('batch/v1', 'CronJob', { schedule: '* * * * *' }), { suspend: true }],
  ['a DaemonSet', workload('apps/v1', 'DaemonSet', template()), template({ 'godwit.io/no-node': 'true' })],
  [
    'a DaemonSet for some nodes',
    workload('apps/v1', 'DaemonSet', template({ disk: 'ssd' })),
    template({ disk: 'ssd', 'godwit.io/no-node': 'true' }),
  ],
])('%s is stopped, once, and goes on as it was', (_name, object, stopped) => {
  const quiesced = apply(object, quiescePatch(object, 'a-run'));
  expect(quiesced.spec).toMatchObject(stopped);
  expect([isQuiescedBy(quiesced, 'a-run'), isQuiescedBy(quiesced, 'another')]).toEqual([true, false]);
  expect(quiescePatch(quiesced, 'a-run')).toBeUndefined();
  const resumed = apply(quiesced, resumePatch(quiesced));
  expect({ ...resumed.metadata, annotations: resumed.metadata.annotations }).toEqual(object.metadata);
  // A selector that holds nothing says what none at all says.
  expect(JSON.parse(JSON.stringify(resumed.spec).replace(',"nodeSelector":{}', ''))).toEqual(object.spec);
});

test.each([
  ['what stands still already', workload('apps/v1', 'Deployment', { replicas: 0 })],
  ['a CronJob that people have suspended', workload('batch/v1', 'CronJob', { suspend: true })],
  [
    'a ReplicaSet of a Deployment',
    workload('apps/v1', 'ReplicaSet', { replicas: 2 }, { ownerReferences: [{ kind: 'Deployment', controller: true }] }),
  ],
  ['what runs nothing', workload('v1', 'Service', {})],
  ['a Deployment of another group', workload('example.com/v1', 'Deployment', { replicas: 3 })],
])('%s is left alone, also when all goes on', (_name, object) => {
  expect([quiescePatch(object, 'a-run'), resumePatch(object)]).toEqual([undefined, undefined]);
});

test('what others have started since another run stopped it is stopped again, and goes on as they had it', () => {
  const deployment = workload('apps/v1', 'Deployment', { replicas: 3 });
  const stopped = apply(deployment, quiescePatch(deployment, 'first'));
  const started = apply(stopped, { spec: { replicas: 5 } });
  expect(apply(started, resumePatch(started)).spec).toEqual({ replicas: 5 });
  const again = apply(started, quiescePatch(started, 'second'));
  expect([again.spec, isQuiescedBy(again, 'second')]).toEqual([{ replicas: 0 }, true]);
  expect(apply(again, resumePatch(again)).spec).toEqual({ replicas: 5 });
});

test('what is started while its own run stops it goes on as it was before the run', () => {
  const cronJob = workload('batch/v1', 'CronJob', { suspend: false });
  const started = apply(apply(cronJob, quiescePatch(cronJob, 'a-run')), { spec: { suspend: null } });
  const again = apply(started, quiescePatch(started, 'a-run'));
  expect(again.spec).toEqual({ suspend: true });
  expect(apply(again, resumePatch(again))).toEqual(cronJob);
});
