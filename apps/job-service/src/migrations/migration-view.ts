import type { MigrationView } from '@godwit/contracts/api';
import type { SavedMigration } from '@godwit/db/migration-store';

export function toMigrationView({ createdAt, updatedAt, ...migration }: SavedMigration): MigrationView {
  return { ...migration, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
}
