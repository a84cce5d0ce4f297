import type { CloudOptions } from '@godwit/contracts/calls';
import { reportError } from '@godwit/contracts/errors';
import type { Finding } from '@godwit/contracts/findings';

/** Asks for one part of what an account offers. @returns undefined if it could not be had; the problem is kept */
export type AskPart = <T>(what: string, work: () => Promise<T>) => Promise<T | undefined>;

/**
 * Each part is asked for itself: what may not be asked, or was not answered in time, does not hide the rest.
 *
 * @param explain what an error of the provider means
 */
export function askEach(explain: (error: unknown, what: string) => Error): { ask: AskPart; problems: Finding[] } {
  const problems: Finding[] = [];
  const ask: AskPart = async (what, work) => {
    try {
      return await work();
    } catch (error) {
      const { reason, message, cure } = reportError(explain(error, what));
      problems.push({ severity: 'warning', reason, message, ...(cure ? { cure } : {}) });
      return undefined;
    }
  };
  return { ask, problems };
}

/** @returns what was answered: JSON has no undefined */
export function answered(options: { [K in keyof CloudOptions]: CloudOptions[K] | undefined }): CloudOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as CloudOptions;
}
