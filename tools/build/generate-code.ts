import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../infra/home.ts';
import { runCommand } from '../processes/run-command.ts';

const GENERATED = join(repository, 'libs/db/src/generated');

/** Writes what is generated and not committed, the database client out of prisma/schema.prisma, unless it is current. */
export async function generateCode(): Promise<void> {
  const stamp = join(GENERATED, '.generated-from');
  const sources = ['prisma/schema.prisma', 'node_modules/prisma/package.json'].map((file) =>
    readFileSync(join(repository, file)),
  );
  const hash = createHash('sha256').update(sources[0]!).update(sources[1]!).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;

  const env = { ...process.env, PRISMA_HIDE_UPDATE_MESSAGE: '1', CHECKPOINT_DISABLE: '1' };
  await runCommand(process.execPath, [join(repository, 'node_modules/prisma/build/index.js'), 'generate'], {
    cwd: repository,
    env,
  });
  writeFileSync(stamp, hash);
}
