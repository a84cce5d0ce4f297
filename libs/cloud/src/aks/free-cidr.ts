/** Networks of services and of pods that are taken, in this order. */
const SERVICE_CIDRS = ['10.0.0.0/16', '172.16.0.0/16', '192.168.0.0/16', '10.250.0.0/16'];
const POD_CIDRS = ['10.244.0.0/16', '172.24.0.0/16', '10.128.0.0/16', '192.168.0.0/16'];

export interface ClusterCidrs {
  serviceCidr: string;
  dnsServiceIP: string;
  podCidr: string;
}

/** Networks within a cluster that are not those of the virtual network which its nodes are in. */
export function freeCidrs(taken: readonly string[]): ClusterCidrs {
  const isFree = (cidr: string, others: readonly string[]) => !others.some((other) => overlap(cidr, other));
  const serviceCidr = SERVICE_CIDRS.find((cidr) => isFree(cidr, taken)) ?? SERVICE_CIDRS[0]!;
  const podCidr = POD_CIDRS.find((cidr) => isFree(cidr, [...taken, serviceCidr])) ?? POD_CIDRS[0]!;
  return { serviceCidr, dnsServiceIP: serviceCidr.replace(/\.0\/\d+$/, '.10'), podCidr };
}

/** Only of version 4; others overlap nothing. */
function overlap(one: string, other: string): boolean {
  const [a, b] = [rangeOf(one), rangeOf(other)];
  return a !== undefined && b !== undefined && a.first <= b.last && b.first <= a.last;
}

function rangeOf(cidr: string): { first: number; last: number } | undefined {
  const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(cidr);
  if (!match) return undefined;
  const [a, b, c, d, bits] = match.slice(1).map(Number) as [number, number, number, number, number];
  const size = 2 ** (32 - bits);
  const address = ((a * 256 + b) * 256 + c) * 256 + d;
  const first = address - (address % size);
  return { first, last: first + size - 1 };
}
