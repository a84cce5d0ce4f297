import { AddressRefused } from '@godwit/service-kit/address-guard';
import { FieldProblem } from '@godwit/service-kit/problem-details';

/** @throws FieldProblem that names the field whose address is refused */
export function unlessRefused(status: 400 | 422, title: string, path: string[], check: () => void): void {
  try {
    check();
  } catch (error) {
    if (!(error instanceof AddressRefused)) throw error;
    throw new FieldProblem(status, title, [{ path, message: `${error.message}. ${error.cure}` }]);
  }
}
