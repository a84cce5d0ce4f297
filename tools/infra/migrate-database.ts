import { join } from 'node:path';
import { runCommand } from '../processes/run-command.ts';
import { repository } from './home.ts';

/** Applies the database migrations that are not applied yet. */
export async function migrateDatabase(databaseUrl: string): Promise<void> {
  const prisma = join(repository, 'node_modules/prisma/build/index.js');
  const env = { ...process.env, DATABASE_URL: databaseUrl, PRISMA_HIDE_UPDATE_MESSAGE: '1', CHECKPOINT_DISABLE: '1' };
  await runCommand(process.execPath, [prisma, 'migrate', 'deploy'], { cwd: repository, env });
}
