import { join } from 'node:path';
import { runVisibly } from '../cli/run-visibly.ts';
import { repository } from '../infra/home.ts';

/** @returns whether a database with all migrations applied is what prisma/schema.prisma says; shows the difference. */
export async function schemaIsMigrated(databaseUrl: string): Promise<boolean> {
  const prisma = join(repository, 'node_modules/prisma/build/index.js');
  const args = ['migrate', 'diff', '--from-config-datasource', '--to-schema', 'prisma/schema.prisma', '--exit-code'];
  return (await runVisibly(process.execPath, [prisma, ...args], { DATABASE_URL: databaseUrl, CHECKPOINT_DISABLE: '1' })) === 0;
}
