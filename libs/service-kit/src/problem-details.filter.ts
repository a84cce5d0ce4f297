import { GodwitError } from '@godwit/contracts/errors';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import { problemOf, UnavailableProblem } from './problem-details.ts';

interface ResponseLike {
  headersSent: boolean;
  status(code: number): this;
  type(type: string): this;
  set(header: string, value: string): this;
  send(body: unknown): void;
}

/** Answers every error as RFC 9457 problem+json. What is not expected is logged whole, and answered without detail. */
@Catch()
export class ProblemDetailsFilter implements ExceptionFilter {
  private readonly logger = new Logger('http');

  catch(error: unknown, host: ArgumentsHost): void {
    const problem = problemOf(error);
    if (!(error instanceof HttpException || error instanceof GodwitError)) this.logger.error(error);
    const response = host.switchToHttp().getResponse<ResponseLike>();
    if (response.headersSent) return;
    if (error instanceof UnavailableProblem) response.set('Retry-After', String(error.retryAfterSeconds));
    response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
  }
}
