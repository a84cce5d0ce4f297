import { expect, test } from '@jest/globals';
import type { ServiceFacts } from '../facts/facts.ts';
import { buildFacts, node } from '../testing/build-facts.ts';
import { checkLoadBalancers } from './check-load-balancers.ts';

const balanced: ServiceFacts = {
  object: 'Service shop/web',
  namespace: 'shop',
  name: 'web',
  type: 'LoadBalancer',
  nodePorts: [],
  hasAddress: true,
};
const check = (destination: object) =>
  checkLoadBalancers(buildFacts({ source: { services: [balanced, { ...balanced, type: 'ClusterIP' }] }, destination }));

test('a load balancer gets another address', () => {
  const note = [{ severity: 'note', reason: 'LoadBalancerAddress', object: 'Service shop/web' }];
  expect(check({ nodes: [node('d', {}, { providerID: 'aws:///eu-central-1a/i-0abc' })] })).toMatchObject(note);
  expect(check({ services: [{ ...balanced, object: 'Service other/gate', namespace: 'other' }] })).toMatchObject(note);
  const metallb = {
    name: 'ipaddresspools.metallb.io',
    group: 'metallb.io',
    kind: 'IPAddressPool',
    plural: 'ipaddresspools',
    scope: 'Namespaced',
    servedVersions: ['v1beta1'],
  };
  expect(check({ definitions: [metallb] })).toMatchObject(note);
});

test('it is a warning where nothing gives addresses', () => {
  expect(check({})).toMatchObject([{ severity: 'warning', reason: 'LoadBalancerProviderNotSeen' }]);
  expect(check({ services: [{ ...balanced, hasAddress: false }] })).toMatchObject([{ severity: 'warning' }]);
});
