/** The versions of a row that a write is meant for; undefined: whichever it has. */
export type MeantFor = readonly number[] | undefined;

/**
 * What a write adds to its `where`, so that it is the very statement that writes which looks at the version: between a look
 * before it and the write another could write too.
 */
export function ofVersion(versions: MeantFor): { version?: { in: number[] } } {
  return versions ? { version: { in: [...versions] } } : {};
}

/** What every change of a row that has a version adds to its `data`, if somebody makes it. */
export const NEXT_VERSION = { version: { increment: 1 } } as const;
