import { createHash } from 'node:crypto';
import { IdempotencyStore, type KeptAnswer, type KeyOwner, type Taken } from '@godwit/db/idempotency-store';
import { FieldProblem } from '@godwit/service-kit/problem-details';
import {
  type CallHandler,
  ConflictException,
  type ExecutionContext,
  HttpException,
  Injectable,
  Logger,
  type NestInterceptor,
  UnprocessableEntityException,
} from '@nestjs/common';
import type { Response } from 'express';
import { catchError, from, mergeMap, type Observable, of } from 'rxjs';
import { type ScopedRequest, scopeOf } from './organisation-scope.ts';

export const IDEMPOTENCY_KEY = 'Idempotency-Key';
const REPLAYED = 'Idempotent-Replayed';
/** Headers that belong to an answer; all others are those of any answer. */
const KEPT_HEADERS = ['ETag', 'Location'];
/** A structured field's string (RFC 9651), or what callers send in its place: the same without quotes. */
const KEY = /^(?:"([\x20\x21\x23-\x5b\x5d-\x7e]{1,255})"|([\x21\x23-\x5b\x5d-\x7e]{1,255}))$/;

/**
 * Lets callers send a POST again that they got no answer to (draft-ietf-httpapi-idempotency-key-header): with the same key, what
 * was done before is answered again and not done again. What was refused has had no effect, so its key may be used again. Of a
 * request that was never answered, as the service died, nobody knows: its key stays taken, and the answer says so.
 */
@Injectable()
export class IdempotentPosts implements NestInterceptor {
  private readonly logger = new Logger('idempotency');

  constructor(private readonly keys: IdempotencyStore) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const request = context.switchToHttp().getRequest<ScopedRequest>();
    const response = context.switchToHttp().getResponse<Response>();
    const header = request.get(IDEMPOTENCY_KEY);
    if (request.method !== 'POST' || header === undefined) return next.handle();
    const owner = { organisationId: scopeOf(request).organisationId, key: keyOf(header) };
    const taken = await this.keys.take(owner, hashOf(request));
    if (taken.state === 'answered') return of(answerAgain(response, taken.answer));
    if (taken.state !== 'held') throw refusalOf(taken.state, response);
    return next.handle().pipe(
      mergeMap((body: unknown) => from(this.keep(owner, taken.holder, response, body))),
      catchError((error: unknown) => from(this.giveBack(owner, taken.holder, error))),
    );
  }

  /** @returns the body, also if the answer could not be kept: the work is done */
  private async keep(owner: KeyOwner, holder: string, response: Response, body: unknown): Promise<unknown> {
    const headers = KEPT_HEADERS.flatMap((name) => (response.get(name) ? [[name, String(response.get(name))] as const] : []));
    await this.keys
      .keep(owner, holder, { headers: Object.fromEntries(headers), body })
      .catch((error: Error) => this.logger.warn(`an answer cannot be kept: ${error.message}`));
    return body;
  }

  private async giveBack(owner: KeyOwner, holder: string, error: unknown): Promise<never> {
    // What is refused on purpose was not done. Of any other failure nobody knows.
    const end = error instanceof HttpException ? this.keys.giveBack(owner, holder) : this.keys.leave(owner, holder);
    await end.catch((failure: Error) => this.logger.warn(`a key cannot be given back: ${failure.message}`));
    throw error;
  }
}

function keyOf(header: string): string {
  const [, quoted, bare] = KEY.exec(header.trim()) ?? [];
  const key = quoted ?? bare;
  if (key !== undefined) return key;
  const message = 'is not a key: send 1 to 255 characters of ASCII in double quotes, best a new UUID for each thing you make';
  throw new FieldProblem(400, 'the request is not valid', [{ path: [IDEMPOTENCY_KEY], message }]);
}

/** The caller belongs to it: an answer may hold a secret that is for nobody else. */
function hashOf(request: ScopedRequest): Buffer {
  const said = [scopeOf(request).name, request.method, request.originalUrl, request.body ?? null];
  return createHash('sha256').update(JSON.stringify(said)).digest();
}

function answerAgain(response: Response, { headers, body }: KeptAnswer): unknown {
  response.set({ ...headers, [REPLAYED]: 'true' });
  return body;
}

function refusalOf(state: Exclude<Taken['state'], 'held' | 'answered'>, response: Response): HttpException {
  if (state === 'other') {
    return new UnprocessableEntityException(
      'this Idempotency-Key was used with another request; use a new key for a new request',
    );
  }
  if (state === 'unknown') {
    return new ConflictException(
      'the first request with this Idempotency-Key was never answered, and what it did is not known; look whether it did its work, and use a new key if not',
    );
  }
  response.set('Retry-After', '1');
  return new ConflictException('the first request with this Idempotency-Key is still at work; ask again in a moment');
}
