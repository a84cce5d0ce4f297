import { includesRole, type Role } from '@godwit/contracts/access';
import { type CanActivate, createParamDecorator, type ExecutionContext, ForbiddenException, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request, Response } from 'express';
import { Authenticator, type Caller } from '../access/authenticator.ts';
import { NEEDS_ROLE, roleNeeded } from '../access/needs-role.ts';

export interface ScopedRequest extends Request {
  caller?: Caller;
}

/** Decides whose rows a request may see, and what it may do: the one place where a caller becomes an organisation and a role. */
@Injectable()
export class OrganisationScope implements CanActivate {
  constructor(
    private readonly authenticator: Authenticator,
    private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest<ScopedRequest>();
    // For an answer of 401, which must say how to sign in (RFC 9110).
    http.getResponse<Response>().setHeader('WWW-Authenticate', 'Bearer');
    const caller = await this.authenticator.callerOf(request.headers.authorization);
    http.getResponse<Response>().removeHeader('WWW-Authenticate');
    const declared = this.reflector.getAllAndOverride<Role | undefined>(NEEDS_ROLE, [context.getHandler(), context.getClass()]);
    const needed = roleNeeded(request.method, declared);
    if (!includesRole(caller.role, needed)) {
      throw new ForbiddenException(`this needs the role ${needed}; ${caller.name} is ${caller.role}`);
    }
    request.caller = caller;
    return true;
  }
}

/** Who calls: after {@link OrganisationScope} has found out. */
export function scopeOf({ caller }: ScopedRequest): Caller {
  if (!caller) throw new Error('the route has no OrganisationScope: it is not an ApiController');
  return caller;
}

const callerOf = (context: ExecutionContext) => scopeOf(context.switchToHttp().getRequest<ScopedRequest>());

/** Who calls. */
export const CallerOf = createParamDecorator((_: unknown, context: ExecutionContext): Caller => callerOf(context));

/** The organisation of the caller. */
export const OrganisationId = createParamDecorator(
  (_: unknown, context: ExecutionContext): string => callerOf(context).organisationId,
);
