import { isIP } from 'node:net';
import { z } from 'zod';

const Environment = z.object({
  GODWIT_ALLOW_UNAUTHENTICATED: z.enum(['true', 'false']).default('false'),
  /** Names, separated by commas, under which browsers and other callers may reach the service. */
  GODWIT_ALLOWED_HOSTS: z.string().default(''),
});

/** Who may call. */
export interface HttpAccess {
  /** Lower-case names that a request's Host header may have beside `localhost` and IP addresses. */
  allowedHosts: readonly string[];
}

/**
 * There is no authentication yet, so the service listens to this machine only, unless it is said outright that whoever
 * reaches it may do anything.
 *
 * @throws Error if it would listen to others without that being said
 */
export function loadHttpAccess(httpHost: string, env: NodeJS.ProcessEnv = process.env): HttpAccess {
  const values = Environment.parse(env);
  if (!isLoopback(httpHost) && values.GODWIT_ALLOW_UNAUTHENTICATED !== 'true') {
    throw new Error(
      `job-service would listen on ${httpHost} (GODWIT_HTTP_HOST), where everyone who reaches it could use every registered cluster: ` +
        'the API has no authentication. Listen on 127.0.0.1, or set GODWIT_ALLOW_UNAUTHENTICATED=true if only trusted callers can reach it.',
    );
  }
  const names = values.GODWIT_ALLOWED_HOSTS.split(',').map((name) => name.trim().toLowerCase());
  return { allowedHosts: names.filter((name) => name !== '') };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}
