export interface PageEntry {
  path: string;
  title: string;
  /** Also where this begins a path, the entry is the present one. */
  also?: string;
}

/** The pages of the navigation, in its order. */
export const PAGES: readonly PageEntry[] = [
  { path: '/', title: 'Runs', also: '/runs' },
  { path: '/migrations', title: 'Migrations' },
  { path: '/schedules', title: 'Schedules' },
  { path: '/clusters', title: 'Clusters' },
  { path: '/storage', title: 'Storage' },
  { path: '/cloud-accounts', title: 'Cloud accounts' },
  { path: '/app-hooks', title: 'App hooks' },
  { path: '/settings', title: 'Settings' },
];

/** @returns the entry of the navigation that a path belongs to */
export function pageOf(pathname: string): PageEntry | undefined {
  return PAGES.find(
    ({ path, also = path }) => pathname === path || pathname === also || (also !== '/' && pathname.startsWith(`${also}/`)),
  );
}
