import dns from 'node:dns';

/**
 * Has names below a domain lead to 127.0.0.1 within this process, as a wildcard record of DNS would.
 * @returns how to undo it
 */
export function resolveLocally(domain: string): () => void {
  const { lookup } = dns;
  const local = ((hostname: string, options: dns.LookupOptions, callback: (...answer: unknown[]) => void) => {
    if (!hostname.endsWith(`.${domain}`)) return lookup(hostname, options, callback);
    const answer = { address: '127.0.0.1', family: 4 };
    process.nextTick(() => (options.all ? callback(null, [answer]) : callback(null, answer.address, answer.family)));
  }) as typeof dns.lookup;
  dns.lookup = local;
  return () => {
    dns.lookup = lookup;
  };
}
