import { expect, test } from '@jest/globals';
import { tellOutliving } from './outliving.ts';

test('disks and load balancers are told with the objects they belong to; what has nothing in the cloud is not', () => {
  const volume = (name: string, spec: object) => ({ apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name }, spec });
  const service = (name: string, status: object) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace: 'shop', name },
    status,
  });
  const volumes = [
    volume('pvc-7', { csi: { driver: 'ebs.csi.aws.com', volumeHandle: 'vol-0a1' } }),
    volume('share', { nfs: {} }),
  ];
  const services = [
    service('web', { loadBalancer: { ingress: [{ hostname: 'a.elb.amazonaws.com' }] } }),
    service('api', { loadBalancer: { ingress: [{ ip: '203.0.113.7' }] } }),
    service('inner', { loadBalancer: {} }),
  ];
  expect(tellOutliving(volumes, services)).toEqual([
    'volume vol-0a1 (PersistentVolume pvc-7)',
    'load balancer a.elb.amazonaws.com (Service shop/web)',
    'load balancer 203.0.113.7 (Service shop/api)',
  ]);
});
