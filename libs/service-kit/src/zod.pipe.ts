import type { FieldError } from '@godwit/contracts/problem-details';
import type { PipeTransform } from '@nestjs/common';
import { z } from 'zod';
import { FieldProblem } from './problem-details.ts';

/** Checks a body, a query or a parameter by its schema; what is wrong is answered with the path of each field. */
export class ZodPipe<S extends z.ZodType> implements PipeTransform<unknown, z.output<S>> {
  /** @param root path of the value itself: empty for a body, the name of a parameter else */
  constructor(
    private readonly schema: S,
    private readonly root: (string | number)[] = [],
  ) {}

  transform(value: unknown): z.output<S> {
    const parsed = this.schema.safeParse(value ?? {});
    if (parsed.success) return parsed.data;
    throw new FieldProblem(400, 'the request is not valid', fieldErrors(parsed.error.issues, this.root));
  }
}

function fieldErrors(issues: readonly z.core.$ZodIssue[], root: (string | number)[]): FieldError[] {
  return issues.map((issue) => ({
    path: [...root, ...issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))],
    message: issue.message,
  }));
}
