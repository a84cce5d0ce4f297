import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import type { EmulatorAnswer } from './aws-emulator.ts';
import { answer, refusal } from './google-answer.ts';

const TOKEN_SECONDS = 3_600;
const TOKEN_URL = 'https://oauth2.googleapis.com/token';
const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

/** Who there is in a project, and the tokens that they got: of their keys, or of a pool that trusts another issuer. */
export class GcpIdentity {
  readonly email = 'godwit@a-project.iam.gserviceaccount.com';
  readonly pool = 'projects/123456789/locations/global/workloadIdentityPools/godwit/providers/cluster';
  /** For whom the tokens of the other issuer have to be. */
  allowedAudience = 'organisation';
  private readonly key = generateKeyPairSync('rsa', { modulusLength: 2048 });
  private readonly issuer = generateKeyPairSync('rsa', { modulusLength: 2048 });
  private readonly tokens = new Map<string, { kind: 'access' | 'federated'; expiresAt: number }>();

  /** PEM of the account's key. */
  get privateKey(): string {
    return this.key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  }

  /** What the issuer that the pool trusts gives for an audience. */
  subjectToken(audience: string): Promise<string> {
    const token = new SignJWT({ sub: 'system:serviceaccount:godwit:provisioner-service' });
    return token
      .setProtectedHeader({ alg: 'RS256' })
      .setIssuer('https://issuer.test')
      .setAudience(audience)
      .setIssuedAt()
      .setExpirationTime('10m')
      .sign(this.issuer.privateKey);
  }

  /** @returns why what comes with a request does not say who acts */
  problemOf(authorization: string | undefined, kind: 'access' | 'federated' = 'access'): string | undefined {
    const token = this.tokens.get(authorization?.replace(/^Bearer /, '') ?? '');
    if (!token || token.kind !== kind) return 'there is no token that was given here';
    return token.expiresAt > Date.now() ? undefined : 'the token is over';
  }

  /** The token endpoint: an assertion that is signed by the account's key is worth a token. */
  async exchangeAssertion(form: URLSearchParams): Promise<EmulatorAnswer> {
    if (form.get('grant_type') !== JWT_BEARER) return oauthError('unsupported_grant_type', `Invalid grant_type`);
    try {
      const { payload } = await jwtVerify(form.get('assertion') ?? '', this.key.publicKey, {
        audience: TOKEN_URL,
        issuer: this.email,
      });
      if (!String(payload.scope).includes('cloud-platform')) return oauthError('invalid_scope', 'Invalid OAuth scope');
    } catch {
      return oauthError('invalid_grant', 'Invalid JWT Signature.');
    }
    return answer({ access_token: this.give('access'), expires_in: TOKEN_SECONDS - 1, token_type: 'Bearer' });
  }

  /** The token service: a token of the other issuer is worth a federated one, with which a service account is impersonated. */
  async exchangeSubject({ audience, subjectToken }: Record<string, string>): Promise<EmulatorAnswer> {
    if (audience !== `//iam.googleapis.com/${this.pool}`) return oauthError('invalid_target', 'The target service is not there.');
    try {
      await jwtVerify(subjectToken ?? '', this.issuer.publicKey, { audience: this.allowedAudience });
    } catch {
      return oauthError('invalid_grant', 'The audience in ID Token does not match the expected audience.');
    }
    const issued_token_type = 'urn:ietf:params:oauth:token-type:access_token';
    return answer({ access_token: this.give('federated'), issued_token_type, token_type: 'Bearer', expires_in: TOKEN_SECONDS });
  }

  impersonate(email: string): EmulatorAnswer {
    if (email !== this.email)
      return refusal(403, 'PERMISSION_DENIED', `Permission 'iam.serviceAccounts.getAccessToken' denied on ${email}`);
    const expireTime = new Date(Date.now() + TOKEN_SECONDS * 1000).toISOString();
    return answer({ accessToken: this.give('access'), expireTime });
  }

  private give(kind: 'access' | 'federated'): string {
    const token = `ya29.${randomUUID()}`;
    this.tokens.set(token, { kind, expiresAt: Date.now() + TOKEN_SECONDS * 1000 });
    return token;
  }
}

function oauthError(error: string, error_description: string): EmulatorAnswer {
  return answer({ error, error_description }, 400);
}
