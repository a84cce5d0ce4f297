import { isIP } from 'node:net';
import type { AccessConfig } from '../access/access-config.ts';

/** Under which names the service is reached. */
export type HostAccess = Pick<AccessConfig, 'allowedHosts'>;

/** Of a request, what tells whether a foreign web page is behind it. */
export interface BrowserRequest {
  method: string;
  headers: Record<string, string | string[] | undefined>;
}

export interface Refusal {
  status: number;
  title: string;
}

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses what another web page makes a browser on this machine send: a page whose name was re-bound to our address (the
 * Host is then a foreign name), a form or script of another origin (the Origin is then not ours), and bodies that a form
 * can send without the browser asking first (anything but JSON).
 */
export function refusalOf({ method, headers }: BrowserRequest, access: HostAccess): Refusal | undefined {
  const host = text(headers.host);
  if (!isOurHost(host, access)) {
    return { status: 421, title: `the host ${JSON.stringify(host)} is not one of this service (see GODWIT_ALLOWED_HOSTS)` };
  }
  if (READS.has(method)) return undefined;
  const origin = text(headers.origin);
  if ((origin && hostOfOrigin(origin) !== host.toLowerCase()) || text(headers['sec-fetch-site']) === 'cross-site')
    return { status: 403, title: 'a page of another origin may not change anything here' };
  const hasBody = text(headers['content-length'], '0') !== '0' || headers['transfer-encoding'] !== undefined;
  if (hasBody && !/^application\/json\s*(;|$)/i.test(text(headers['content-type'])))
    return { status: 415, title: 'the body must be JSON: send it with Content-Type: application/json' };
  return undefined;
}

function isOurHost(host: string, { allowedHosts }: HostAccess): boolean {
  if (!URL.canParse(`http://${host}`)) return false;
  const name = new URL(`http://${host}`).hostname;
  const address = name.replace(/^\[|\]$/g, '');
  // A name can be re-bound to our address, an address cannot.
  return isIP(address) !== 0 || name === 'localhost' || allowedHosts.includes(name);
}

function hostOfOrigin(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

function text(header: string | string[] | undefined, absent = ''): string {
  return (Array.isArray(header) ? header[0] : header) ?? absent;
}
