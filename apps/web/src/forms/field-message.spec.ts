import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { fieldMessage } from './field-message.ts';

const messageOf = (schema: z.ZodType, value: unknown) => fieldMessage(schema.safeParse(value).error!.issues[0]!, value);

test.each([
  [z.string().min(1), '', 'Fill this in.'],
  [z.string(), undefined, 'Fill this in.'],
  [z.array(z.string()).min(1), [], 'Choose at least one.'],
  [z.number().min(10), 3, 'At least 10.'],
  [z.string().regex(/^a/, 'is not the name of a class'), 'b', 'Is not the name of a class.'],
])('a message says what to do', (schema, value, message) => {
  expect(messageOf(schema, value)).toBe(message);
});
