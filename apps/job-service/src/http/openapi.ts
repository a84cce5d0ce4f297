import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { AppModule } from '../app.module.ts';
import { IDEMPOTENCY_KEY } from './idempotency.ts';

/** The description of the API: /api/openapi.json, and a page to read and try it at /api/docs. */
export function serveOpenApi(app: INestApplication): void {
  SwaggerModule.setup('api/docs', app, () => openApiOf(app), { jsonDocumentUrl: 'api/openapi.json', raw: ['json'] });
}

/** What is so for every route, whatever its controller says: any POST may be sent again by its key. */
function describeKeys(document: OpenAPIObject): OpenAPIObject {
  for (const { post } of Object.values(document.paths)) {
    if (!post) continue;
    const description =
      'A key of the caller for this one request (draft-ietf-httpapi-idempotency-key-header): sent again with the same key within 24 hours, what was done is answered again and not done again.';
    const key = {
      name: IDEMPOTENCY_KEY,
      in: 'header' as const,
      required: false,
      description,
      schema: { type: 'string' as const, maxLength: 257 },
    };
    post.parameters = [...(post.parameters ?? []), key];
  }
  return document;
}

export function openApiOf(app: INestApplication): OpenAPIObject {
  const description = new DocumentBuilder()
    .setTitle('Godwit')
    .setDescription(
      'Moves Kubernetes applications, with their data, from one cluster to another: register two clusters and an object store, save a migration, start a run and follow it. Errors are problem+json (RFC 9457).',
    )
    .setVersion('0.1.0')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'An API key, or a token of the OpenID Connect issuer.' })
    .addSecurityRequirements('bearer')
    .build();
  const document = SwaggerModule.createDocument(app, description, {
    include: [AppModule], // and not the routes for probes and metrics
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}_${method}`,
  });
  return describeKeys(document);
}
