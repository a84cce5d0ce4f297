import { ProblemDetails } from '@godwit/contracts/problem-details';
import { applyDecorators, Controller, UseGuards, UseInterceptors } from '@nestjs/common';
import { ApiDefaultResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { IdempotentPosts } from './idempotency.ts';
import { OrganisationScope } from './organisation-scope.ts';
import { VersionTags } from './versions.ts';

const PROBLEM_SCHEMA = z.toJSONSchema(ProblemDetails, { target: 'openapi-3.0' }) as object;

/**
 * A controller below /api, whose routes see the rows of the caller's organisation, answer errors as problems, may be sent POSTs
 * again by a key, and tell the version of what they answer.
 */
export function ApiController(path: string, tag = path) {
  return applyDecorators(
    PublicController(path, tag),
    UseGuards(OrganisationScope),
    UseInterceptors(IdempotentPosts, VersionTags),
  );
}

/** A controller below /api whose routes ask nobody who calls, and so may tell nothing of an organisation. */
export function PublicController(path: string, tag = path) {
  return applyDecorators(
    Controller(`api/${path}`),
    ApiTags(tag),
    ApiDefaultResponse({
      description: 'What is wrong, with the path of each field that is.',
      content: { 'application/problem+json': { schema: PROBLEM_SCHEMA } },
    }),
  );
}
