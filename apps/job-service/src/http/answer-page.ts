import type { Page } from '@godwit/contracts/pages';
import { CursorError } from '@godwit/db/pages';
import { FieldProblem } from '@godwit/service-kit/problem-details';

/**
 * Waits for a page, and makes it what callers see.
 *
 * @throws FieldProblem 400 if it was asked for by what is not the `next` of a page
 */
export async function answerPage<T, View>(read: Promise<Page<T>>, toView: (item: T) => View): Promise<Page<View>> {
  try {
    const { items, ...more } = await read;
    return { ...more, items: items.map(toView) };
  } catch (error) {
    if (!(error instanceof CursorError)) throw error;
    throw new FieldProblem(400, 'the request is not valid', [{ path: ['after'], message: 'is not the "next" of a page' }]);
  }
}
