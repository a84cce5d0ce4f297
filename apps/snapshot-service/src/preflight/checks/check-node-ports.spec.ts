import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { expect, test } from '@jest/globals';
import { reduceService } from '../facts/reduce.ts';
import { buildFacts } from '../testing/build-facts.ts';
import { checkNodePorts } from './check-node-ports.ts';

function service(namespace: string, name: string, nodePort: number, more: object = {}) {
  const object: KubernetesObject = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace, name },
    spec: { type: 'NodePort', ports: [{ port: 80, protocol: 'TCP', nodePort }], ...more },
  };
  return reduceService(object);
}

const check = (ours: ReturnType<typeof service>[], theirs: ReturnType<typeof service>[]) =>
  checkNodePorts(buildFacts({ source: { services: ours }, destination: { services: theirs } }));

test('a port that nobody has is nothing to tell of', () => {
  expect(check([service('shop', 'web', 30080)], [service('other', 'web', 30081)])).toEqual([]);
});

test('a number that another Service has is taken for every protocol, but of one Service ports may share it', () => {
  const udp = { ports: [{ port: 53, protocol: 'UDP', nodePort: 30080 }] };
  expect(check([service('shop', 'web', 30080)], [service('other', 'dns', 30080, udp)])).toHaveLength(1);
  const both = { ports: [udp.ports[0], { port: 53, protocol: 'TCP', nodePort: 30080 }] };
  expect(check([service('shop', 'dns', 30080, both)], [service('store', 'dns', 30080, udp)])).toEqual([]);
});

test('a port that another Service has is an error that names it (rule 9)', () => {
  expect(check([service('shop', 'web', 30080)], [service('ingress', 'gate', 30080)])).toMatchObject([
    {
      severity: 'error',
      reason: 'NodePortTaken',
      cluster: 'to',
      object: 'Service shop/web',
      message: 'its node port 30080/TCP belongs to Service ingress/gate on cluster "to"',
    },
  ]);
});

test('a health check port of a load balancer is taken too', () => {
  const gate = service('ingress', 'gate', 30443, { type: 'LoadBalancer', healthCheckNodePort: 30080 });
  expect(check([service('shop', 'web', 30080)], [gate])).toHaveLength(1);
});

test('the ports of the Service that is overwritten are its own', () => {
  const there = [service('store', 'web', 30080)];
  expect(check([service('shop', 'web', 30080)], there)).toEqual([]);
  expect(check([service('shop', 'web', 30090)], [...there, service('other', 'api', 30090)])).toHaveLength(1);
});

test('a port outside of the usual range is a warning, unless the destination has such', () => {
  expect(check([service('shop', 'web', 8080)], [])).toMatchObject([{ severity: 'warning', reason: 'NodePortOutOfRange' }]);
  expect(check([service('shop', 'web', 8080)], [service('other', 'api', 8081)])).toEqual([]);
});
