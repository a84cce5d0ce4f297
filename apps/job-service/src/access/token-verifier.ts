import { createRemoteJWKSet, errors, type JWTVerifyGetKey, jwtVerify } from 'jose';
import type { OidcConfig } from './access-config.ts';
import { callerOfToken, type TokenCaller } from './caller-of-token.ts';

/** Signatures that the issuer makes with a key of its own: none by a shared secret, and not none at all. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'];
const TIMEOUT_MS = 5_000;
const CLOCK_TOLERANCE_SECONDS = 30;

/** The keys of the issuer could not be had. */
export class IssuerUnreachable extends Error {}

/** Checks tokens of an OpenID Connect issuer. Its keys are fetched when they are needed, and kept. */
export class TokenVerifier {
  private keys?: Promise<JWTVerifyGetKey>;

  constructor(private readonly config: OidcConfig) {}

  /**
   * @returns undefined if the token is not genuine, has ended, or is meant for others
   * @throws TokenRefused; IssuerUnreachable
   */
  async verify(token: string): Promise<TokenCaller | undefined> {
    const { issuer, audience } = this.config;
    try {
      const { payload } = await jwtVerify(token, await this.issuerKeys(), {
        issuer,
        audience,
        algorithms: ALGORITHMS,
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        requiredClaims: ['exp'],
      });
      return callerOfToken(payload, this.config);
    } catch (error) {
      if (error instanceof errors.JWKSTimeout) throw new IssuerUnreachable('the issuer did not answer', { cause: error });
      if (error instanceof errors.JWKSNoMatchingKey) return undefined;
      if (error instanceof errors.JOSEError && !isAboutKeys(error)) return undefined;
      if (error instanceof errors.JOSEError || error instanceof TypeError) {
        throw new IssuerUnreachable('the keys of the issuer could not be had', { cause: error });
      }
      throw error;
    }
  }

  private issuerKeys(): Promise<JWTVerifyGetKey> {
    this.keys ??= this.findKeys().catch((error: unknown) => {
      this.keys = undefined; // to be tried again
      throw error;
    });
    return this.keys;
  }

  private async findKeys(): Promise<JWTVerifyGetKey> {
    const url = this.config.jwksUrl ?? (await this.discoverKeys());
    return createRemoteJWKSet(new URL(url), { timeoutDuration: TIMEOUT_MS });
  }

  /** https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig */
  private async discoverKeys(): Promise<string> {
    const { issuer } = this.config;
    try {
      const answer = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, {
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const document = (await answer.json()) as { issuer?: unknown; jwks_uri?: unknown };
      if (answer.ok && document.issuer === issuer && typeof document.jwks_uri === 'string') return document.jwks_uri;
    } catch (cause) {
      throw new IssuerUnreachable(`the issuer ${issuer} does not answer`, { cause });
    }
    throw new IssuerUnreachable(`the discovery document of ${issuer} is not of this issuer, or names no keys`);
  }
}

/** The generic error is what jose throws when the key set itself cannot be read. */
function isAboutKeys(error: errors.JOSEError): boolean {
  return error.code === 'ERR_JOSE_GENERIC' || error.code === 'ERR_JWKS_INVALID';
}
