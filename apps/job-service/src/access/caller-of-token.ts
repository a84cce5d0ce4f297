import { Role } from '@godwit/contracts/access';
import type { OidcConfig } from './access-config.ts';

/** What a token says of its bearer; undefined organisation: the one of the installation. */
export interface TokenCaller {
  name: string;
  role: Role;
  organisation?: string;
}

/** A token that is genuine and yet gives no access. */
export class TokenRefused extends Error {}

/**
 * Reads who bears a token from its claims, whose signature was checked.
 *
 * @throws TokenRefused if it names no role, or no organisation where it has to
 */
export function callerOfToken(claims: Readonly<Record<string, unknown>>, config: OidcConfig): TokenCaller {
  const roles = new Set(textsOf(claims[config.rolesClaim]));
  const role = Role.options.toReversed().find((candidate) => roles.has(config.rolePrefix + candidate));
  if (!role) {
    const names = Role.options.map((candidate) => config.rolePrefix + candidate).join(', ');
    throw new TokenRefused(`the claim "${config.rolesClaim}" of the token names none of ${names}`);
  }
  const name = [claims.email, claims.preferred_username, claims.sub].find((value) => typeof value === 'string' && value !== '');
  const caller = { name: String(name ?? 'a token without a name'), role };
  if (!config.organisationClaim) return caller;
  const [organisation] = textsOf(claims[config.organisationClaim]);
  if (!organisation) throw new TokenRefused(`the token has no claim "${config.organisationClaim}", which names the organisation`);
  return { ...caller, organisation };
}

function textsOf(claim: unknown): string[] {
  const values = Array.isArray(claim) ? claim : [claim];
  return values.filter((value): value is string => typeof value === 'string' && value !== '');
}
