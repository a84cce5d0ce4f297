import { ProblemDetails } from '@godwit/contracts/problem-details';
import { applyDecorators, Controller, UseGuards } from '@nestjs/common';
import { ApiDefaultResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { OrganisationScope } from './organisation-scope.ts';

const PROBLEM_SCHEMA = z.toJSONSchema(ProblemDetails, { target: 'openapi-3.0' }) as object;

/** A controller below /api, whose routes see the rows of the caller's organisation and answer errors as problems. */
export function ApiController(path: string, tag = path) {
  return applyDecorators(
    Controller(`api/${path}`),
    ApiTags(tag),
    UseGuards(OrganisationScope),
    ApiDefaultResponse({
      description: 'What is wrong, with the path of each field that is.',
      content: { 'application/problem+json': { schema: PROBLEM_SCHEMA } },
    }),
  );
}
