import type { FieldError } from '@godwit/contracts/problem-details';
import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import type { z } from 'zod';
import { FieldProblem } from './problem-details.ts';
import { unknownFields } from './unknown-fields.ts';
import { unstorableTexts } from './unstorable-texts.ts';

/**
 * Checks what carries a schema (`@Body({ schema })`, `@Query({ schema })`, `@Param('id', { schema })`) by it. All that is
 * wrong is answered at once, each with the path of its field; a field that the schema does not know is wrong too, as it is
 * most often a typing error that would silently do nothing.
 */
export class SchemaPipe implements PipeTransform {
  transform(value: unknown, { schema, data }: ArgumentMetadata): unknown {
    if (!schema) return value;
    const root = data === undefined ? [] : [data];
    const given = value ?? {};
    const parsed = (schema as z.ZodType).safeParse(given);
    const wrong = parsed.success
      ? [
          ...unknownFields(given, parsed.data).map((path) => ({ path: [...root, ...path], message: 'is not a known field' })),
          ...unstorableTexts(parsed.data, root).map((path) => ({ path, message: 'has a character that is not valid in a text' })),
        ]
      : fieldErrors(parsed.error.issues, root);
    if (wrong.length > 0) throw new FieldProblem(400, 'the request is not valid', wrong);
    return parsed.data;
  }
}

function fieldErrors(issues: readonly z.core.$ZodIssue[], root: (string | number)[]): FieldError[] {
  return issues.map((issue) => ({
    path: [...root, ...issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))],
    message: issue.message,
  }));
}
