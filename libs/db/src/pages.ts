import type { NamedQuery, Page, PageQuery } from '@godwit/contracts/pages';
import { unstorableTexts } from '@godwit/service-kit/unstorable-texts';
import { z } from 'zod';
import { asWritten } from './text-search.ts';

/** `after` is not the `next` of a page of this list. */
export class CursorError extends Error {}

const NameCursor = z.tuple([z.string().refine((name) => unstorableTexts(name).length === 0)]);
const LatestCursor = z.tuple([z.iso.datetime().transform((time) => new Date(time)), z.uuid()]);

/** What a reader of a page adds to its query. */
interface NamePart {
  where: { AND: { name: { contains: string; mode: 'insensitive' } | { gt: string } }[] };
  orderBy: { name: 'asc' };
  take: number;
}
interface LatestPart {
  where: { OR?: ({ createdAt: { lt: Date } } | { createdAt: Date; id: { lt: string } })[] };
  orderBy: [{ createdAt: 'desc' }, { id: 'desc' }];
  take: number;
}

/**
 * A page of what an organisation has in the order of names, which are unique in it. A page begins after a name and not at a row, so it
 * goes on when that row has been deleted meanwhile.
 *
 * @param read reads rows of one organisation
 * @throws CursorError
 */
export async function pageByName<Row extends { name: string }, T>(
  { name, after, limit }: NamedQuery,
  toItem: (row: Row) => T,
  read: (part: NamePart) => Promise<Row[]>,
): Promise<Page<T>> {
  const begin = after === undefined ? [] : fromCursor(NameCursor, after).map((gt) => ({ name: { gt } }));
  const where = { AND: [...named(name), ...begin] };
  const rows = await read({ where, orderBy: { name: 'asc' }, take: limit + 1 });
  return cut(rows, limit, toItem, (last) => [last.name]);
}

/**
 * A page of rows, the latest first; of those of the same moment always in the same order.
 *
 * @param read reads rows of one organisation
 * @throws CursorError
 */
export async function pageLatest<Row extends { createdAt: Date; id: string }, T>(
  { after, limit }: PageQuery,
  toItem: (row: Row) => T,
  read: (part: LatestPart) => Promise<Row[]>,
): Promise<Page<T>> {
  const [createdAt, id] = after === undefined ? [] : fromCursor(LatestCursor, after);
  const where = createdAt && id ? { OR: [{ createdAt: { lt: createdAt } }, { createdAt, id: { lt: id } }] } : {};
  const rows = await read({ where, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }], take: limit + 1 });
  return cut(rows, limit, toItem, (last) => [last.createdAt.toISOString(), last.id]);
}

/** The condition of a filter by a part of the name. */
export function named(part: string | undefined): { name: { contains: string; mode: 'insensitive' } }[] {
  return part === undefined ? [] : [{ name: { contains: asWritten(part), mode: 'insensitive' } }];
}

/** One row more than asked for was read: it tells that there is a next page. */
function cut<Row, T>(rows: Row[], limit: number, toItem: (row: Row) => T, keyOf: (last: Row) => string[]): Page<T> {
  const items = rows.slice(0, limit);
  const last = rows.length > limit ? items.at(-1) : undefined;
  return { items: items.map(toItem), ...(last ? { next: Buffer.from(JSON.stringify(keyOf(last))).toString('base64url') } : {}) };
}

function fromCursor<S extends z.ZodType>(schema: S, cursor: string): z.infer<S> {
  try {
    return schema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  } catch (error) {
    throw new CursorError('it is not the "next" of a page', { cause: error });
  }
}
