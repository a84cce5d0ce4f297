import type { Role } from '@godwit/contracts/access';
import { API_KEY_PREFIX, ApiKeyStore } from '@godwit/db/api-key-store';
import { DEFAULT_ORGANISATION, OrganisationStore } from '@godwit/db/organisation-store';
import {
  ForbiddenException,
  Inject,
  Injectable,
  Logger,
  ServiceUnavailableException,
  UnauthorizedException,
} from '@nestjs/common';
import { ACCESS_CONFIG, type AccessConfig } from './access-config.ts';
import { TokenRefused } from './caller-of-token.ts';
import { IssuerUnreachable, TokenVerifier } from './token-verifier.ts';

/** Who calls, and whose rows are theirs. */
export interface Caller {
  organisationId: string;
  organisation: string;
  name: string;
  role: Role;
}

/** Finds out who calls: by an API key, or by a token of the issuer that is trusted. */
@Injectable()
export class Authenticator {
  private readonly logger = new Logger('access');
  private readonly tokens?: TokenVerifier;

  constructor(
    @Inject(ACCESS_CONFIG) private readonly config: AccessConfig,
    private readonly keys: ApiKeyStore,
    private readonly organisations: OrganisationStore,
  ) {
    if (config.oidc) this.tokens = new TokenVerifier(config.oidc);
  }

  /**
   * @param authorization the header, if there is one
   * @throws UnauthorizedException, ForbiddenException; ServiceUnavailableException if the issuer does not answer
   */
  async callerOf(authorization: string | undefined): Promise<Caller> {
    if (!this.config.authenticates) {
      const organisationId = await this.organisations.ensureDefault();
      return { organisationId, organisation: DEFAULT_ORGANISATION, name: 'whoever reaches this service', role: 'admin' };
    }
    const [, bearer] = /^Bearer +([\w.~+/-]+=*) *$/i.exec(authorization ?? '') ?? [];
    if (!bearer) {
      throw new UnauthorizedException('say who you are: Authorization: Bearer, with an API key or a token');
    }
    const caller = bearer.startsWith(API_KEY_PREFIX) ? await this.keys.holderOf(bearer) : await this.bearerOf(bearer);
    if (!caller) throw new UnauthorizedException('the key or token is not valid, or not any more');
    return caller;
  }

  private async bearerOf(token: string): Promise<Caller | undefined> {
    try {
      const caller = await this.tokens?.verify(token);
      if (!caller) return undefined;
      const organisation = caller.organisation ?? DEFAULT_ORGANISATION;
      return { ...caller, organisation, organisationId: await this.organisations.ensure(organisation) };
    } catch (error) {
      if (error instanceof TokenRefused) throw new ForbiddenException(error.message);
      if (!(error instanceof IssuerUnreachable)) throw error;
      this.logger.warn(error.message);
      throw new ServiceUnavailableException('tokens cannot be checked now: the keys of their issuer cannot be had; try again');
    }
  }
}
