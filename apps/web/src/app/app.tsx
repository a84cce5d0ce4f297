import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createBrowserRouter } from 'react-router';
import { RouterProvider } from 'react-router/dom';
import { shouldRetry } from '../api/request-error.ts';
import { RunsPage } from '../runs/runs-page.tsx';
import { BrokenPage, UnknownPage } from './no-page.tsx';
import { Shell } from './shell.tsx';

const queries = new QueryClient({ defaultOptions: { queries: { retry: shouldRetry, staleTime: 1_000 } } });

const router = createBrowserRouter([
  {
    Component: Shell,
    ErrorBoundary: BrokenPage,
    HydrateFallback: () => null,
    children: [
      { index: true, Component: RunsPage },
      { path: 'runs/:id', lazy: async () => ({ Component: (await import('../run/run-page.tsx')).RunPage }) },
      {
        path: 'migrations',
        lazy: async () => ({ Component: (await import('../migrations/migrations-page.tsx')).MigrationsPage }),
      },
      {
        path: 'migrations/new',
        lazy: async () => ({ Component: (await import('../wizard/wizard-page.tsx')).NewMigrationPage }),
      },
      {
        path: 'migrations/:id/edit',
        lazy: async () => ({ Component: (await import('../wizard/wizard-page.tsx')).EditMigrationPage }),
      },
      { path: 'schedules', lazy: async () => ({ Component: (await import('../schedules/schedules-page.tsx')).SchedulesPage }) },
      { path: 'clusters', lazy: async () => ({ Component: (await import('../clusters/clusters-page.tsx')).ClustersPage }) },
      { path: 'clusters/:id', lazy: async () => ({ Component: (await import('../clusters/cluster-page.tsx')).ClusterPage }) },
      { path: 'storage', lazy: async () => ({ Component: (await import('../storage/storage-page.tsx')).StoragePage }) },
      {
        path: 'cloud-accounts',
        lazy: async () => ({ Component: (await import('../cloud/cloud-accounts-page.tsx')).CloudAccountsPage }),
      },
      { path: 'app-hooks', lazy: async () => ({ Component: (await import('../hooks/hooks-page.tsx')).HooksPage }) },
      { path: 'settings', lazy: async () => ({ Component: (await import('../settings/settings-page.tsx')).SettingsPage }) },
      { path: 'signed-in', lazy: async () => ({ Component: (await import('../access/signed-in-page.tsx')).SignedInPage }) },
      { path: '*', Component: UnknownPage },
    ],
  },
]);

export function App() {
  return (
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  );
}
