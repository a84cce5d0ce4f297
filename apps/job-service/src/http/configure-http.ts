import type { ProblemDetails } from '@godwit/contracts/problem-details';
import { problemOf } from '@godwit/service-kit/problem-details';
import { ProblemDetailsFilter } from '@godwit/service-kit/problem-details.filter';
import { SchemaPipe } from '@godwit/service-kit/schema.pipe';
import type { INestApplication } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import type { AccessConfig } from '../access/access-config.ts';
import { refusalOf } from './browser-guard.ts';
import { serveOpenApi } from './openapi.ts';
import { securityHeaders } from './security-headers.ts';
import { serveWebApp } from './web-app.ts';

/** A kubeconfig of the largest allowed size, with its quotes and line breaks escaped. */
const BODY_LIMIT = '3mb';
/**
 * Idle connections are kept longer than load balancers keep theirs, or one of these sends a request on a connection that closes in that
 * moment, and answers 502: ten minutes with Google's, less with others.
 * https://cloud.google.com/load-balancing/docs/https#timeouts_and_retries
 */
const KEEP_ALIVE_MS = 620_000;
/** Probes come to the address of the pod; what they see is no secret. */
const UNGUARDED = /^\/(healthz|metrics)(\/|$)/;

function sendProblem(response: Response, problem: ProblemDetails): void {
  response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
}

/** All that HTTP needs around the controllers. */
export function configureHttp(app: INestApplication, access: Pick<AccessConfig, 'allowedHosts' | 'oidc'>): void {
  const issuer = access.oidc?.signIn && access.oidc.issuer;
  const express = app as NestExpressApplication;
  express.getHttpServer().keepAliveTimeout = KEEP_ALIVE_MS;
  express.disable('x-powered-by');
  // Of answers without a version: a digest of all their bytes, which is a strong one.
  express.set('etag', 'strong');
  app.use((request: Request, response: Response, next: NextFunction) => {
    response.set(securityHeaders(request.path, issuer));
    if (request.path.startsWith('/api/')) response.set('Cache-Control', 'no-store');
    const refusal = UNGUARDED.test(request.path) ? undefined : refusalOf(request, access);
    if (!refusal) return next();
    response
      .status(refusal.status)
      .type('application/problem+json')
      .send(JSON.stringify({ type: 'about:blank', ...refusal }));
  });
  express.useBodyParser('json', { limit: BODY_LIMIT });
  app.use((error: unknown, _request: Request, response: Response, _next: NextFunction) =>
    sendProblem(response, problemOf(error)),
  );
  app.useGlobalPipes(new SchemaPipe());
  app.useGlobalFilters(new ProblemDetailsFilter());
  serveOpenApi(app);
  serveWebApp(express);
}
