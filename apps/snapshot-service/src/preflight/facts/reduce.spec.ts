import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { expect, test } from '@jest/globals';
import { reduceDefinition, reduceService, reduceWorkload } from './reduce.ts';

const object = (apiVersion: string, kind: string, fields: object): KubernetesObject => ({
  apiVersion,
  kind,
  metadata: { name: 'web', namespace: 'shop' },
  ...fields,
});

test('a workload is judged as it would land, and named as the source knows it', () => {
  const template = (image: string) => ({ template: { spec: { containers: [{ name: 'main', image }] } } });
  const source = object('apps/v1', 'Deployment', { spec: { replicas: 3, ...template('docker.io/nginx:1') } });
  const landing = {
    ...source,
    metadata: { name: 'web', namespace: 'store' },
    spec: { replicas: 1, ...template('mirror.example.com/nginx:1') },
  };
  expect(reduceWorkload(source, landing)).toMatchObject({
    object: 'Deployment shop/web',
    namespace: 'shop',
    replicas: 1,
    spec: { containers: [{ name: 'main', image: 'mirror.example.com/nginx:1' }] },
  });
  expect(reduceWorkload(object('v1', 'ConfigMap', {}), object('v1', 'ConfigMap', {}))).toBeUndefined();
});

test('a CronJob runs no pods until its time', () => {
  const cron = object('batch/v1', 'CronJob', {
    spec: {
      schedule: '@daily',
      jobTemplate: { spec: { template: { spec: { containers: [{ name: 'main', image: 'busybox' }] } } } },
    },
  });
  expect(reduceWorkload(cron, cron)).toMatchObject({ replicas: 0, spec: { containers: [{ name: 'main' }] } });
});

test('node ports are told with their protocol, that of health checks among them', () => {
  const ports = [
    { port: 80, nodePort: 30080 },
    { port: 53, protocol: 'UDP', nodePort: 30053 },
    { port: 81, protocol: 'TCP' },
  ];
  const service = object('v1', 'Service', { spec: { type: 'LoadBalancer', ports, healthCheckNodePort: 30999 } });
  expect(reduceService(service).nodePorts).toEqual(['30080/TCP', '30053/UDP', '30999/TCP']);
});

test('a definition is known by what it serves and who converts it', () => {
  const service = { namespace: 'cert-manager', name: 'webhook', path: '/convert' };
  const definition = object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', {
    spec: {
      group: 'example.com',
      names: { kind: 'Widget', plural: 'widgets' },
      scope: 'Namespaced',
      versions: [
        { name: 'v1', served: true, schema: {} },
        { name: 'v1alpha1', served: false, schema: {} },
      ],
      conversion: { strategy: 'Webhook', webhook: { clientConfig: { service } } },
    },
  });
  expect(reduceDefinition(definition)).toEqual({
    name: 'web',
    group: 'example.com',
    kind: 'Widget',
    plural: 'widgets',
    scope: 'Namespaced',
    servedVersions: ['v1'],
    conversionService: { namespace: 'cert-manager', name: 'webhook' },
  });
});
