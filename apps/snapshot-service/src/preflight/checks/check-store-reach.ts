import { BlockList, isIP } from 'node:net';
import type { Finding } from '@godwit/contracts/findings';
import type { Check } from './check.ts';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8);
LOOPBACK.addAddress('::1', 'ipv6');
const PRIVATE = new BlockList();
PRIVATE.addSubnet('10.0.0.0', 8);
PRIVATE.addSubnet('172.16.0.0', 12);
PRIVATE.addSubnet('192.168.0.0', 16);
PRIVATE.addSubnet('169.254.0.0', 16);
PRIVATE.addSubnet('fc00::', 7, 'ipv6');
PRIVATE.addSubnet('fe80::', 10, 'ipv6');

const IN_CLUSTER = /(\.svc|\.svc\..+|\.cluster\.local)$/;

/**
 * Whether movers in both clusters can reach the store under the address that we reach it by. A look from inside would need a
 * pod, and preflight touches nothing; so this judges the address alone.
 */
export const checkStoreReach: Check = ({ store, volumes }) => {
  if (!volumes.some(({ skipReason }) => !skipReason)) return [];
  const host = new URL(store.endpoint).hostname.replace(/^\[|\]$/g, '');
  const finding = { object: `object store ${store.endpoint}` };
  if (isListed(LOOPBACK, host) || host === 'localhost') {
    return [
      {
        ...finding,
        severity: 'warning',
        reason: 'StoreAddressLocal',
        message: `${host} is another machine for each pod, so movers would not reach the store there`,
        cure: 'Register the store by an address that both clusters reach.',
      },
    ];
  }
  if (IN_CLUSTER.test(host) || (!host.includes('.') && isIP(host) === 0)) {
    return [
      {
        ...finding,
        severity: 'warning',
        reason: 'StoreAddressInCluster',
        message: `${host} is a name of one cluster or one network, which movers of the other may not resolve`,
        cure: 'Register the store by an address that both clusters reach.',
      },
    ];
  }
  if (!isListed(PRIVATE, host)) return [];
  const note: Finding = {
    ...finding,
    severity: 'note',
    reason: 'StoreAddressPrivate',
    message: `${host} is an address of a private network; it is reached from here, and both clusters need to reach it too`,
    cure: 'See that routes and firewalls let the pods of both clusters to it.',
  };
  return [note];
};

function isListed(list: BlockList, host: string): boolean {
  const family = isIP(host);
  return family !== 0 && list.check(host, family === 6 ? 'ipv6' : 'ipv4');
}
