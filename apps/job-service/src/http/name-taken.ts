import { isDuplicate } from '@godwit/db/duplicate';
import { FieldProblem } from '@godwit/service-kit/problem-details';

/**
 * Waits for a write of something that has a name.
 *
 * @param what what it is, with its article: `a cluster`
 * @throws FieldProblem 409 if another has its name
 */
export async function unlessNameTaken<T>(what: string, write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    throw new FieldProblem(409, 'the name is taken', [{ path: ['name'], message: `is the name of ${what} already` }]);
  }
}
