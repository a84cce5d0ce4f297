import { NotFoundException, Param } from '@nestjs/common';
import { z } from 'zod';

const Id = z.uuid({ error: 'is not an id' });

/** The id in the path. */
export const IdParam = () => Param('id', { schema: Id });

/** @throws NotFoundException if the organisation has no such thing */
export function found<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new NotFoundException(`there is no such ${what}`);
  return value;
}
