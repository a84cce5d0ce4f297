import { z } from 'zod';

interface Node {
  properties?: Record<string, Node>;
  items?: Node;
}

/** @returns paths of all that a schema has to fill in, joined by slashes; of things in lists without their place in it */
export function leavesOf(schema: z.ZodType): string[] {
  const leaves = ({ properties, items }: Node, path: string[]): string[] => {
    if (properties) return Object.entries(properties).flatMap(([key, inner]) => leaves(inner, [...path, key]));
    return items?.properties ? leaves(items, path) : [path.join('/')];
  };
  return leaves(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Node, []);
}

/** @returns the value at a path that is joined by slashes */
export function valueAtPath(root: unknown, path: string): unknown {
  return path.split('/').reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], root);
}
