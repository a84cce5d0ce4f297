import { z } from 'zod';

/** How many one page has: at most, and unless the caller says. */
export const Limit = (most: number, usual: number) => z.coerce.number().int().min(1).max(most).default(usual);

/** Which page of a list. */
export const PageQuery = z.object({
  /** `next` of the page before. */
  after: z.string().min(1).max(2000).optional(),
  limit: Limit(1000, 500),
});
export type PageQuery = z.infer<typeof PageQuery>;

/** Which page of a list of things that have names. */
export const NamedQuery = PageQuery.extend({
  /** A part of the name, whatever its case. */
  name: z.string().min(1).max(120).optional(),
});
export type NamedQuery = z.infer<typeof NamedQuery>;

/** One page of a list. Without `next` it is the last. */
export const pageOf = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), next: z.string().optional() });
export interface Page<T> {
  items: T[];
  next?: string;
}
