/** Each page, and what is on it once it is there. */
export const PAGES = [
  ['/', 'Runs', 'shop to west'],
  ['/migrations', 'Migrations', 'namespace shop'],
  ['/schedules', 'Schedules', 'each new year'],
  ['/clusters', 'Clusters', 'east'],
  ['/storage', 'Storage', 'Ready'],
  ['/migrations/new', 'Define a migration', 'Source cluster'],
  ['/cloud-accounts', 'Cloud accounts', 'No cloud account yet'],
  ['/app-hooks', 'App hooks', 'My hooks'],
  ['/app-hooks?tab=templates', 'App hooks', 'PostgreSQL'],
  ['/settings', 'Settings', 'tests'],
  ['/settings?tab=webhooks', 'Settings', 'webhook'],
  ['/settings?tab=retention', 'Settings', 'Hours that the archive'],
  ['/nothing', 'There is no such page', 'All runs'],
] as const;
