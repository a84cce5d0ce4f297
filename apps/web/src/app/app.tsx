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
