import { expect, test } from '@jest/globals';
import { freeCidrs } from './free-cidr.ts';

test.each([
  [[], '10.0.0.0/16', '10.244.0.0/16'],
  [['10.0.0.0/16'], '172.16.0.0/16', '10.244.0.0/16'],
  [['10.0.128.0/17'], '172.16.0.0/16', '10.244.0.0/16'],
  [['10.0.0.0/8'], '172.16.0.0/16', '172.24.0.0/16'],
  [['10.0.0.0/8', '172.16.0.0/12'], '192.168.0.0/16', '10.244.0.0/16'],
  [['fd00::/64', '10.1.0.0/16'], '10.0.0.0/16', '10.244.0.0/16'],
])('beside %j services are in %s and pods in %s', (taken, serviceCidr, podCidr) => {
  expect(freeCidrs(taken)).toEqual({ serviceCidr, podCidr, dnsServiceIP: serviceCidr.replace('.0/16', '.10') });
});
