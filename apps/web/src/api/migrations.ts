import type { MigrationView, RunSummary } from '@godwit/contracts/api';
import type { MigrationDefinition } from '@godwit/contracts/migration-definition';
import { queryOptions } from '@tanstack/react-query';
import { allPages } from './all-pages.ts';
import { answerOf, api } from './client.ts';
import { changeOf, type Present } from './versions.ts';

export const migrationsQuery = queryOptions({
  queryKey: ['migrations'],
  queryFn: ({ signal }): Promise<MigrationView[]> =>
    allPages((query) => answerOf(api.GET('/api/migrations', { params: { query }, signal }))),
});

export const migrationQuery = (id: string) =>
  queryOptions({
    queryKey: ['migration', id],
    queryFn: ({ signal }): Promise<MigrationView> =>
      answerOf(api.GET('/api/migrations/{id}', { params: { path: { id } }, signal })),
  });

/** @param present the migration that is changed, and the version that was read of it (absent: any); undefined: a new one */
export function saveMigration(present: Present | undefined, body: MigrationDefinition): Promise<MigrationView> {
  if (present === undefined) return answerOf(api.POST('/api/migrations', { body }));
  return answerOf(api.PUT('/api/migrations/{id}', { params: changeOf(present), body }));
}

export function deleteMigration(present: Present): Promise<unknown> {
  return answerOf(api.DELETE('/api/migrations/{id}', { params: changeOf(present) }));
}

/** Starts a run that tells what a definition that is not saved would do. */
export function previewDefinition(body: MigrationDefinition): Promise<RunSummary> {
  return answerOf(api.POST('/api/previews', { body }));
}
