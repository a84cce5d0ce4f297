import { RequestError } from './request-error.ts';

/** @returns the header by which a thing is changed only if it is still what was read; without a version, whatever it is */
export function ifMatch(version: number | undefined): { 'If-Match'?: string } {
  return version === undefined ? {} : { 'If-Match': `"${version}"` };
}

/** Whether nothing was changed because somebody else has changed the thing since it was read. */
export function isOvertaken(error: Error | null): boolean {
  return error instanceof RequestError && error.status === 412;
}

/** What can be changed, as it was read. */
export interface Present {
  id: string;
  /** Absent: whatever is there is changed. */
  version?: number | undefined;
}

/** @returns the parameters of a change of this thing, as it was read */
export function changeOf({ id, version }: Present) {
  return { path: { id }, header: ifMatch(version) };
}
