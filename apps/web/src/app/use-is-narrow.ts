import { useSyncExternalStore } from 'react';

/** Where the navigation lies over the page instead of beside it. */
const NARROW = window.matchMedia('(max-width: 1199px)');

export function useIsNarrow(): boolean {
  return useSyncExternalStore(
    (listener) => {
      NARROW.addEventListener('change', listener);
      return () => NARROW.removeEventListener('change', listener);
    },
    () => NARROW.matches,
  );
}
