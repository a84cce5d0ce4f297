import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../../tools/infra/home.ts';
import { runCommand } from '../../tools/processes/run-command.ts';

/** @returns the commit; of sources without a repository, the version of the package */
export async function describeCheckout(): Promise<string> {
  const describe = runCommand('git', ['describe', '--always', '--dirty'], { cwd: repository });
  return describe.then(
    (commit) => commit.trim(),
    () => JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')).version as string,
  );
}
