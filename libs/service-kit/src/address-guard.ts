import { lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { FatalError } from '@godwit/contracts/errors';

/**
 * Networks that are not the public Internet: https://www.iana.org/assignments/iana-ipv4-special-registry and
 * .../iana-ipv6-special-registry. What is sent at a tenant's wish must not reach what only we can reach.
 */
const NOT_PUBLIC = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '::/128',
  '::1/128',
  // IPv4 in IPv6, by which any of the above could be meant; BlockList itself looks through ::ffff:0:0/96.
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
];

/**
 * Where no cluster and no object storage of a tenant is, private networks being where many are: this host itself, its links, and
 * what clouds tell their machines, credentials included.
 */
const NO_ENDPOINT = [
  '0.0.0.0/8',
  '127.0.0.0/8',
  '169.254.0.0/16',
  // Metadata of Alibaba Cloud, and the host agent of Azure.
  '100.100.100.200/32',
  '168.63.129.16/32',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '::/128',
  '::1/128',
  // Loopback and links of IPv4 behind NAT64.
  '64:ff9b::7f00:0/104',
  '64:ff9b::a9fe:0/112',
  // Metadata of AWS and of Google Cloud.
  'fd00:ec2::254/128',
  'fd20:ce::254/128',
  'fe80::/10',
  'ff00::/8',
];

/** An address that must not be reached. */
export class AddressRefused extends FatalError {
  constructor(host: string, { why, cure }: AddressRules) {
    super('AddressRefused', `${host} ${why}`, { cure });
  }
}

export interface AddressRules {
  /** Networks, as `10.1.0.0/16`. */
  denied: readonly string[];
  /** Networks that may be reached though they are denied. */
  allowed: readonly string[];
  /** What is said of an address that is refused, behind it. */
  why: string;
  /** Who can do what about it. */
  cure: string;
}

/** @param text networks with commas between them */
export function networkList(text: string): string[] {
  return text.split(',').flatMap((network) => network.trim() || []);
}

/** @param allowed networks that webhooks may reach though they are not public */
export function webhookGuard(allowed: readonly string[]): AddressGuard {
  return new AddressGuard({
    denied: NOT_PUBLIC,
    allowed,
    why: 'is not a public address',
    cure: 'Whoever runs this service can allow its network by GODWIT_WEBHOOK_NETWORKS.',
  });
}

/**
 * For clusters and object storage.
 *
 * @param networks what the operator allows, and what he denies beside what is denied anyway
 */
export function endpointGuard({ allowed, denied }: Pick<AddressRules, 'allowed' | 'denied'>): AddressGuard {
  return new AddressGuard({
    denied: [...NO_ENDPOINT, ...denied],
    allowed,
    why: 'is an address that must not be reached from here',
    cure: 'Use another address. Whoever runs this service can allow its network by GODWIT_ENDPOINT_NETWORKS.',
  });
}

/** Keeps requests that are made at a tenant's wish away from addresses that only we can reach. */
export class AddressGuard {
  private readonly denied: BlockList;
  private readonly allowed: BlockList;

  /** @throws Error if one of the texts is not a network */
  constructor(private readonly rules: AddressRules) {
    this.denied = blockListOf(rules.denied);
    this.allowed = blockListOf(rules.allowed);
  }

  mayReach(address: string): boolean {
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    return this.allowed.check(address, family) || !this.denied.check(address, family);
  }

  /** @throws AddressRefused if the URL names such an address outright; names are looked at when they are resolved */
  checkUrl(url: string): void {
    const { hostname } = new URL(url);
    const host = hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) !== 0 && !this.mayReach(host)) throw new AddressRefused(host, this.rules);
  }

  /**
   * Resolves names for connections. The addresses that are looked at are those which are connected to, so that no name can mean
   * one thing when it is looked at and another afterwards.
   */
  readonly lookup: LookupFunction = (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '', 0);
      const reachable = addresses.filter(({ address }) => this.mayReach(address));
      const [first] = reachable;
      if (!first) return callback(new AddressRefused(hostname, this.rules), '', 0);
      return options.all ? callback(null, reachable) : callback(null, first.address, first.family);
    });
  };
}

/** @throws Error if a text is not a network */
function blockListOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits = ''] = network.split('/');
    const version = isIP(address);
    if (version === 0 || !/^\d+$/.test(bits)) throw new Error(`"${network}" is not a network, such as 10.1.0.0/16`);
    list.addSubnet(address, Number(bits), version === 6 ? 'ipv6' : 'ipv4');
  }
  return list;
}
