import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { expect, test } from '@jest/globals';
import { becomesReady, readiness, readyOnSource, severityOf } from './readiness.ts';

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
  expect(becomesReady({ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress' })).toBe(false);
  expect(becomesReady({ apiVersion: 'batch/v1', kind: 'Job' })).toBe(false);
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

test('a load balancer that had an address is to get one; that it has none is a warning', () => {
  const given = { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } };
  const balanced = (status: object) => core('Service', status, { type: 'LoadBalancer' });
  expect([readyOnSource(balanced(given)), readyOnSource(balanced({ loadBalancer: {} }))]).toEqual([1, 0]);
  expect(readiness(balanced({}), 1, NONE)).toEqual({ ready: false, state: 'its load balancer has no address yet' });
  expect(readiness(balanced(given), 1, NONE).ready).toBe(true);
  expect(readiness(core('Service', {}, { type: 'ClusterIP' }), 1, NONE).ready).toBe(true);
  expect(severityOf(balanced({}))).toBe('warning');
});

test('a custom resource that was Ready or Available is to be so again; that it is not is a warning with its own words', () => {
  const widget = (...conditions: object[]): KubernetesObject => ({
    apiVersion: 'example.com/v1',
    kind: 'Widget',
    metadata: { name: 'one' },
    status: { conditions },
  });
  expect(readyOnSource(widget({ type: 'Available', status: 'True' }))).toBe(1);
  expect(readyOnSource(widget({ type: 'Progressing', status: 'True' }))).toBe(0);
  expect(readiness(widget({ type: 'Ready', status: 'True' }), 1, NONE).ready).toBe(true);
  expect(readiness(widget(), 1, NONE).state).toBe('it has no condition Ready or Available yet');
  const failing = widget({ type: 'Ready', status: 'False', reason: 'NoQuorum', message: 'one of three' });
  expect(readiness(failing, 1, NONE)).toEqual({ ready: false, state: 'its condition Ready is False (NoQuorum: one of three)' });
  expect(severityOf(failing)).toBe('warning');
});

test('what defines or serves other kinds fails the run when it does not', () => {
  const definition = { ...core('CustomResourceDefinition', { conditions: [] }), apiVersion: 'apiextensions.k8s.io/v1' };
  expect(readiness(definition, 1, NONE)).toEqual({ ready: false, state: 'it has no condition Established yet' });
  const service = { ...core('APIService', { conditions: [{ type: 'Available', status: 'False', reason: 'MissingEndpoints' }] }) };
  const registered = { ...service, apiVersion: 'apiregistration.k8s.io/v1' };
  expect(readiness(registered, 1, NONE).state).toBe('its condition Available is False (MissingEndpoints)');
  expect([severityOf(definition), severityOf(registered)]).toEqual(['error', 'error']);
});
