import type { Page } from '@godwit/contracts/pages';

/** As many as the API gives at once. */
const MOST = 1_000;

/** @returns all items of a list, read page by page by the cursor of each */
export async function allPages<T>(read: (query: { limit: number; after?: string }) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = [];
  let after: string | undefined;
  do {
    const page = await read({ limit: MOST, ...(after ? { after } : {}) });
    items.push(...page.items);
    after = page.next;
  } while (after);
  return items;
}
