import { expect, test } from '@jest/globals';
import { classesInUse } from './classes-in-use.ts';

const named = (apiVersion: string, kind: string, spec: object, annotations?: Record<string, string>) => ({
  apiVersion,
  kind,
  metadata: { name: 'x', namespace: 'shop', annotations },
  spec,
});
const podTemplate = (priorityClassName: string) => ({ template: { spec: { priorityClassName } } });

test('finds each class once, with the first that names it', () => {
  const found = classesInUse([
    named('apps/v1', 'Deployment', podTemplate('high')),
    named('apps/v1', 'DaemonSet', podTemplate('high')),
    named('apps/v1', 'DaemonSet', podTemplate('system-node-critical')),
    named('batch/v1', 'CronJob', { jobTemplate: { spec: podTemplate('low') } }),
    named('apps/v1', 'StatefulSet', { volumeClaimTemplates: [{ spec: { storageClassName: 'fast' } }], ...podTemplate('high') }),
    named('v1', 'PersistentVolumeClaim', { storageClassName: '' }),
    named('v1', 'PersistentVolumeClaim', { storageClassName: 'slow' }),
    named('networking.k8s.io/v1', 'Ingress', { ingressClassName: 'nginx' }),
    named('networking.k8s.io/v1', 'Ingress', {}, { 'kubernetes.io/ingress.class': 'haproxy' }),
  ]);
  expect(found).toEqual([
    { kind: 'PriorityClass', name: 'high', usedBy: 'Deployment shop/x' },
    { kind: 'PriorityClass', name: 'low', usedBy: 'CronJob shop/x' },
    { kind: 'StorageClass', name: 'fast', usedBy: 'StatefulSet shop/x' },
    { kind: 'StorageClass', name: 'slow', usedBy: 'PersistentVolumeClaim shop/x' },
    { kind: 'IngressClass', name: 'nginx', usedBy: 'Ingress shop/x' },
    { kind: 'IngressClass', name: 'haproxy', usedBy: 'Ingress shop/x' },
  ]);
});
