import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { FieldProblem } from './problem-details.ts';
import { SchemaPipe } from './schema.pipe.ts';

const schema = z.object({
  name: z.string().trim(),
  size: z.number().default(1),
  parts: z.array(z.object({ id: z.string() })).default([]),
  labels: z.record(z.string(), z.string()).optional(),
});
const pipe = new SchemaPipe();

function wrongFields(value: unknown, data?: string) {
  try {
    pipe.transform(value, { type: 'body', schema, data });
  } catch (error) {
    return (error as FieldProblem).fields;
  }
  return undefined;
}

test('gives what the schema makes of the value', () => {
  expect(pipe.transform({ name: ' a ', labels: { any: 'x' } }, { type: 'body', schema })).toEqual({
    name: 'a',
    size: 1,
    parts: [],
    labels: { any: 'x' },
  });
});

test('names every field that is wrong', () => {
  expect(wrongFields({ size: 'big' })).toMatchObject([{ path: ['name'] }, { path: ['size'] }]);
});

test('refuses fields that the schema does not know, wherever they are', () => {
  expect(wrongFields({ name: 'a', nmae: 'b', parts: [{ id: '1' }, { id: '2', extra: 1 }] })).toEqual([
    { path: ['nmae'], message: 'is not a known field' },
    { path: ['parts', 1, 'extra'], message: 'is not a known field' },
  ]);
});

test('refuses a __proto__ of the body', () => {
  expect(wrongFields(JSON.parse('{"name":"a","__proto__":{"size":2}}'))).toMatchObject([{ path: ['__proto__'] }]);
});

test('takes no body as an empty one, and starts paths with the name of a parameter', () => {
  expect(wrongFields(undefined, 'id')).toMatchObject([{ path: ['id', 'name'] }]);
});

test('refuses texts that Postgres cannot keep', () => {
  const nul = { name: 'a\0', parts: [{ id: 'a' }, { id: '\ud800' }], labels: { any: 'x', 'x\0': 'y' } };
  expect(wrongFields(nul)).toMatchObject([{ path: ['name'] }, { path: ['parts', 1, 'id'] }, { path: ['labels', 'x\0'] }]);
});
