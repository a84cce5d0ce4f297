import { createHash } from 'node:crypto';

const COMMON = {
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
};

/** Nothing but our own files, and no inline script or style. */
const STRICT = policy({
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self'",
  'img-src': "'self' data:",
  'font-src': "'self'",
  'connect-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
});

/** The page of the API's documentation brings styles within its HTML. */
const DOCS = STRICT.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'");

/** @returns the policy of a page without scripts that brings this one style within its HTML */
export function pagePolicy(style: string): string {
  const digest = createHash('sha256').update(style).digest('base64');
  return policy({
    'default-src': "'none'",
    'style-src': `'sha256-${digest}'`,
    'base-uri': "'none'",
    'form-action': "'none'",
    'frame-ancestors': "'none'",
  });
}

/**
 * @param issuer by which the web app signs in: it may call that too
 * @returns the security headers of an answer to this path
 */
export function securityHeaders(path: string, issuer?: string): Record<string, string> {
  const page = issuer ? STRICT.replace("connect-src 'self'", `connect-src 'self' ${new URL(issuer).origin}`) : STRICT;
  return { ...COMMON, 'Content-Security-Policy': /^\/api\/docs(\/|$)/.test(path) ? DOCS : page };
}

function policy(directives: Record<string, string>): string {
  return Object.entries(directives)
    .map(([name, value]) => `${name} ${value}`)
    .join('; ');
}
