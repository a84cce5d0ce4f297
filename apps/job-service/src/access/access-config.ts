import { isIP } from 'node:net';
import type { OidcSignIn } from '@godwit/contracts/sign-in';
import { z } from 'zod';

const Environment = z
  .object({
    GODWIT_AUTHENTICATION: z.enum(['required', 'none']).default('none'),
    GODWIT_ALLOW_UNAUTHENTICATED: z.enum(['true', 'false']).default('false'),
    /** Names, separated by commas, under which browsers and other callers may reach the service. */
    GODWIT_ALLOWED_HOSTS: z.string().default(''),
    GODWIT_OIDC_ISSUER: z.url({ protocol: /^https?$/ }).optional(),
    GODWIT_OIDC_AUDIENCE: z.string().min(1).optional(),
    /** Absent: as the issuer's discovery document says. */
    GODWIT_OIDC_JWKS_URL: z.url({ protocol: /^https?$/ }).optional(),
    GODWIT_OIDC_ROLES_CLAIM: z.string().min(1).default('roles'),
    /** Comes before the name of a role in the claim: `godwit-` for `godwit-admin`. */
    GODWIT_OIDC_ROLE_PREFIX: z.string().default(''),
    /** Absent: everyone belongs to the one organisation of the installation. */
    GODWIT_OIDC_ORGANISATION_CLAIM: z.string().min(1).optional(),
    /** Of the web app, as the issuer knows it. Absent: it signs in by API keys only. */
    GODWIT_OIDC_CLIENT_ID: z.string().min(1).optional(),
    GODWIT_OIDC_SCOPE: z.string().min(1).default('openid profile email offline_access'),
    /** Whom the web app asks tokens for, where the issuer has to be told (RFC 8707). */
    GODWIT_OIDC_RESOURCE: z.string().min(1).optional(),
  })
  .refine((values) => !values.GODWIT_OIDC_ISSUER || values.GODWIT_OIDC_AUDIENCE, {
    path: ['GODWIT_OIDC_AUDIENCE'],
    message: 'is missing: without it, tokens that the issuer made for others would be taken',
  })
  .refine((values) => !values.GODWIT_OIDC_CLIENT_ID || values.GODWIT_OIDC_ISSUER, {
    path: ['GODWIT_OIDC_ISSUER'],
    message: 'is missing: the web app would not know where GODWIT_OIDC_CLIENT_ID signs in',
  });

/** Whose tokens are taken, and what is read from them. */
export interface OidcConfig {
  issuer: string;
  audience: string;
  jwksUrl?: string;
  rolesClaim: string;
  rolePrefix: string;
  organisationClaim?: string;
  /** How the web app signs in there; absent: it does not. */
  signIn?: Omit<OidcSignIn, 'issuer'>;
}

/** Who may call. */
export interface AccessConfig {
  /** False: whoever reaches the service is its administrator. */
  authenticates: boolean;
  oidc?: OidcConfig;
  /** Lower-case names that a request's Host header may have beside `localhost` and IP addresses. */
  allowedHosts: readonly string[];
}

export const ACCESS_CONFIG = Symbol('AccessConfig');

/**
 * Without authentication the service listens to this machine only, unless it is said outright that whoever reaches it may do
 * anything.
 *
 * @throws Error if a variable is wrong, or it would listen to others without that being said
 */
export function loadAccessConfig(httpHost: string, env: NodeJS.ProcessEnv = process.env): AccessConfig {
  const parsed = Environment.safeParse(env);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`job-service cannot start, its environment is wrong:\n${problems.join('\n')}`);
  }
  const values = parsed.data;
  const authenticates = values.GODWIT_AUTHENTICATION === 'required';
  if (!authenticates && !isLoopback(httpHost) && values.GODWIT_ALLOW_UNAUTHENTICATED !== 'true') {
    throw new Error(
      `job-service would listen on ${httpHost} (GODWIT_HTTP_HOST), where everyone who reaches it could use every registered cluster. ` +
        'Set GODWIT_AUTHENTICATION=required, or listen on 127.0.0.1, or set GODWIT_ALLOW_UNAUTHENTICATED=true if only trusted ' +
        'callers can reach it.',
    );
  }
  const names = values.GODWIT_ALLOWED_HOSTS.split(',').map((name) => name.trim().toLowerCase());
  return { authenticates, ...oidcOf(values), allowedHosts: names.filter((name) => name !== '') };
}

function oidcOf(values: z.infer<typeof Environment>): { oidc?: OidcConfig } {
  const { GODWIT_OIDC_ISSUER: issuer, GODWIT_OIDC_AUDIENCE: audience, GODWIT_OIDC_JWKS_URL: jwksUrl } = values;
  if (!issuer || !audience) return {};
  const { GODWIT_OIDC_ORGANISATION_CLAIM: organisationClaim, GODWIT_OIDC_CLIENT_ID: clientId } = values;
  const { GODWIT_OIDC_SCOPE: scope, GODWIT_OIDC_RESOURCE: resource } = values;
  return {
    oidc: {
      issuer,
      audience,
      rolesClaim: values.GODWIT_OIDC_ROLES_CLAIM,
      rolePrefix: values.GODWIT_OIDC_ROLE_PREFIX,
      ...(jwksUrl ? { jwksUrl } : {}),
      ...(organisationClaim ? { organisationClaim } : {}),
      ...(clientId ? { signIn: { clientId, scope, ...(resource ? { resource } : {}) } } : {}),
    },
  };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}
