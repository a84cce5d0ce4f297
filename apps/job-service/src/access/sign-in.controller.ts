import { SignInView } from '@godwit/contracts/sign-in';
import { Get, Inject } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { PublicController } from '../http/api-controller.ts';
import { ACCESS_CONFIG, type AccessConfig } from './access-config.ts';

/** What one has to know before one can say who calls: of no organisation, and for everyone. */
@PublicController('sign-in', 'api-keys')
export class SignInController {
  constructor(@Inject(ACCESS_CONFIG) private readonly config: AccessConfig) {}

  @Get()
  @ApiOperation({ summary: 'Tell how one signs in', description: 'Asks nobody who calls.' })
  @ApiOkResponse({ standardSchema: SignInView })
  tell(): SignInView {
    const { authenticates, oidc } = this.config;
    const oidcSignIn = oidc?.signIn ? { issuer: oidc.issuer, ...oidc.signIn } : undefined;
    return { required: authenticates, ...(authenticates && oidcSignIn ? { oidc: oidcSignIn } : {}) };
  }
}
