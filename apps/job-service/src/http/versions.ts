import type { MeantFor } from '@godwit/db/versions';
import {
  type CallHandler,
  createParamDecorator,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  PreconditionFailedException,
} from '@nestjs/common';
import { ApiHeader, ApiResponse } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { map, type Observable } from 'rxjs';
import { z } from 'zod';
import { found } from './route-schemas.ts';

/** The answer of what has a version: one thing, not a list. */
const Versioned = z.object({ id: z.string(), version: z.int(), lastScheduleTime: z.string().optional() });

/** What is answered of a schedule changes when its time comes too, which overtakes nobody's change: only the version is compared. */
const tagOf = (version: number, lastScheduleTime?: string) =>
  lastScheduleTime ? `"${version}.${Date.parse(lastScheduleTime)}"` : `"${version}"`;

/** @returns the versions of an If-Match header (RFC 9110), those of no thing of ours left out; undefined: any will do */
export function versionsOf(header: string | undefined): MeantFor {
  if (header === undefined || header.trim() === '*') return undefined;
  // A weak tag (W/"1") never matches, and as a number the column takes nine digits.
  return header.split(',').flatMap((tag) => /^"(\d{1,9})(?:\.\d{1,15})?"$/.exec(tag.trim())?.slice(1).map(Number) ?? []);
}

/** Tells the version of what is answered, in its strong ETag. That of all other answers is a digest of them. */
@Injectable()
export class VersionTags implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(
      map((answer: unknown) => {
        const { success, data } = Versioned.safeParse(answer);
        if (success) context.switchToHttp().getResponse<Response>().setHeader('ETag', tagOf(data.version, data.lastScheduleTime));
        return answer;
      }),
    );
  }
}

/** The versions that the caller wants to change, of the header If-Match: goes to the store's write, and its answer to {@link written}. */
export const IfMatch = createParamDecorator(
  (_: unknown, context: ExecutionContext): MeantFor =>
    versionsOf(context.switchToHttp().getRequest<Request>().headers['if-match']),
  [
    (target, method) => {
      const descriptor = Object.getOwnPropertyDescriptor(target, method!)!;
      const description =
        'The ETag that the thing had when it was read: if it was changed since, nothing is changed and the answer is 412. Without it, whatever is there is changed.';
      ApiHeader({ name: 'If-Match', required: false, description, schema: { type: 'string', example: '"3"' } })(
        target,
        method!,
        descriptor,
      );
      ApiResponse({ status: 412, description: 'It was changed since it was read; nothing was changed now.' })(
        target,
        method!,
        descriptor,
      );
    },
  ],
);

/**
 * Waits for a write that is meant for certain versions.
 *
 * @param what without article: `cluster`
 * @param write undefined or false if there is nothing with that id and version
 * @param find what is there then
 * @throws NotFoundException 404; PreconditionFailedException 412, with what to do, if it has another version
 */
export async function written<T>(
  what: string,
  write: Promise<T | undefined>,
  find: () => Promise<{ version: number } | undefined>,
): Promise<NonNullable<T>> {
  const result = await write;
  if (result !== undefined && result !== null && result !== false) return result;
  const { version } = found(await find(), what);
  throw new PreconditionFailedException(
    `the ${what} was changed meanwhile and is at version ${version} now; get it again, make your change to what it says, and send that with If-Match: ${tagOf(version)}`,
  );
}
