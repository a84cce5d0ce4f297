import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { expect, test } from '@jest/globals';
import { becomesReady, readiness, readyOnSource } from './readiness.ts';

const workload = (kind: string, status: object, spec: object = {}, generation = 1): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: { name: 'web', generation },
  spec,
  status: { observedGeneration: generation, ...status },
});
const core = (kind: string, status: object, spec: object = {}): KubernetesObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name: 'web' },
  spec,
  status,
});
const NONE = new Set<string>();
const LATE = new Set(['fast']);

test('of the source only what was ready counts', () => {
  expect(readyOnSource(workload('Deployment', { replicas: 3, readyReplicas: 2 }))).toBe(2);
  expect(readyOnSource(workload('StatefulSet', {}))).toBe(0);
  expect(readyOnSource(workload('DaemonSet', { numberReady: 5 }))).toBe(5);
  expect(readyOnSource(core('Pod', { conditions: [{ type: 'Ready', status: 'True' }] }))).toBe(1);
  expect(readyOnSource(core('Pod', { conditions: [{ type: 'Ready', status: 'False' }] }))).toBe(0);
  expect(readyOnSource(core('PersistentVolumeClaim', { phase: 'Bound' }))).toBe(1);
});

test('a kind that does not become ready is not asked', () => {
  expect(becomesReady({ apiVersion: 'v1', kind: 'ConfigMap' })).toBe(false);
  expect(becomesReady({ apiVersion: 'example.com/v1', kind: 'Deployment' })).toBe(false);
  expect(becomesReady({ apiVersion: 'apps/v1', kind: 'Deployment' })).toBe(true);
});

test('a deployment is ready with as many replicas as the source had', () => {
  const half = workload('Deployment', { readyReplicas: 1, updatedReplicas: 2 }, { replicas: 2 });
  expect(readiness(half, 1, NONE).ready).toBe(true);
  expect(readiness(half, 2, NONE)).toEqual({ ready: false, state: '1 of 2 replicas are ready' });
});

test('replicas that an update has not reached yet do not count', () => {
  const old = workload('Deployment', { readyReplicas: 2, updatedReplicas: 0 }, { replicas: 2 });
  expect(readiness(old, 2, NONE).ready).toBe(false);
});

test('a status of before the last change says nothing', () => {
  const stale = workload('StatefulSet', { readyReplicas: 2, observedGeneration: 1 }, { replicas: 2 }, 2);
  expect(readiness(stale, 2, NONE).ready).toBe(false);
});

test('a workload that was scaled down on the destination needs no more than it asks for', () => {
  const scaled = workload('StatefulSet', { readyReplicas: 1 }, { replicas: 1 });
  expect(readiness(scaled, 3, NONE).ready).toBe(true);
});

test('a daemon set is ready on the nodes that there are', () => {
  expect(readiness(workload('DaemonSet', { numberReady: 1, desiredNumberScheduled: 1 }), 5, NONE).ready).toBe(true);
  expect(readiness(workload('DaemonSet', { numberReady: 0, desiredNumberScheduled: 1 }), 5, NONE).ready).toBe(false);
});

test('a pod is ready when it says so or has done its work', () => {
  expect(readiness(core('Pod', { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] }), 1, NONE).ready).toBe(true);
  expect(readiness(core('Pod', { phase: 'Succeeded' }), 1, NONE).ready).toBe(true);
  expect(readiness(core('Pod', { phase: 'Pending' }), 1, NONE)).toEqual({ ready: false, state: 'it is Pending and not ready' });
});

test('a claim is bound, or waits for its first pod', () => {
  const pending = (storageClassName: string) => core('PersistentVolumeClaim', { phase: 'Pending' }, { storageClassName });
  expect(readiness(core('PersistentVolumeClaim', { phase: 'Bound' }), 1, LATE).ready).toBe(true);
  expect(readiness(pending('fast'), 1, LATE).ready).toBe(true);
  expect(readiness(pending('standard'), 1, LATE)).toEqual({ ready: false, state: 'it is Pending' });
  expect(readiness(core('PersistentVolumeClaim', { phase: 'Lost' }, { storageClassName: 'fast' }), 1, LATE).ready).toBe(false);
});
