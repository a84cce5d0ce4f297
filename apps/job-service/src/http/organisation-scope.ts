import { OrganisationStore } from '@godwit/db/organisation-store';
import { type CanActivate, createParamDecorator, type ExecutionContext, Injectable } from '@nestjs/common';

interface ScopedRequest {
  organisationId?: string;
}

/**
 * Decides whose rows a request may see: the one place where a caller becomes an organisation. There is no authentication
 * yet, so everyone is the organisation of a single-tenant installation, and the service listens only where no stranger
 * calls (see http-access).
 */
@Injectable()
export class OrganisationScope implements CanActivate {
  constructor(private readonly organisations: OrganisationStore) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<ScopedRequest>();
    request.organisationId = await this.organisations.ensureDefault();
    return true;
  }
}

/** The organisation of the caller. */
export const OrganisationId = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const { organisationId } = context.switchToHttp().getRequest<ScopedRequest>();
  if (!organisationId) throw new Error('the route has no OrganisationScope: it is not an ApiController');
  return organisationId;
});
