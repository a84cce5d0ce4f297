import { type FetchQueryOptions, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Present } from '../api/versions.ts';

/**
 * What a form changes, as it was when the form was opened: however often its list is read meanwhile, what is saved is meant for the
 * version that was filled in.
 *
 * @param opened undefined: the form makes a new one
 * @param list that it is read again from
 */
export function usePresent<T extends Present>(
  opened: T | undefined,
  list: Pick<FetchQueryOptions<T[], Error, T[], string[]>, 'queryKey' | 'queryFn'>,
) {
  const [present, setPresent] = useState(opened);
  const queries = useQueryClient();
  return {
    present,
    /** To be given to what saves. */
    meant: (whatever: boolean): Present | undefined => present && (whatever ? { id: present.id } : present),
    /** Reads what is there now. @throws Error if it is gone */
    async reread(): Promise<T> {
      const found = (await queries.fetchQuery({ ...list, staleTime: 0 })).find(({ id }) => id === present?.id);
      if (!found) throw new Error('it was deleted meanwhile');
      setPresent(found);
      return found;
    },
  };
}
