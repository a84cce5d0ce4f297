import { Prisma } from './generated/client.ts';

/** @returns whether a write failed because another row has what must be unique (within its organisation: the name) */
export function isDuplicate(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002';
}
