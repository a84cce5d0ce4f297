import { chownSync } from 'node:fs';
import { userInfo } from 'node:os';
import { runCommand } from '../processes/run-command.ts';

/** How Postgres's programs are run: it refuses to be root, so root runs it as the user `postgres`. */
export interface PostgresUser {
  /** Arguments of setpriv(1). */
  privileges: readonly string[];
  /** Gives a file or directory to the user. */
  own(path: string): void;
}

/** @returns the user that Postgres runs as; made, as a system user, when we are root and it is not there. */
export async function ensurePostgresUser(): Promise<PostgresUser> {
  if (userInfo().uid !== 0) return { privileges: [], own: () => undefined };
  const id = (flag: string) => runCommand('id', [flag, 'postgres']).then(Number);
  const ids = () => Promise.all([id('-u'), id('-g')]);
  const [uid, gid] = await ids().catch(async () => {
    const options = ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin'];
    const failure = await runCommand('useradd', [...options, 'postgres']).then(
      () => undefined,
      (error: Error) => error,
    );
    // Another process may have made it in the same moment.
    return ids().catch((error) => {
      throw failure ?? error;
    });
  });
  return {
    // The data may lie beneath a directory that only root may enter (/root): this capability lets it be passed.
    privileges: [
      `--reuid=${uid}`,
      `--regid=${gid}`,
      '--clear-groups',
      '--inh-caps=-all,+dac_read_search',
      '--ambient-caps=-all,+dac_read_search',
    ],
    own: (path) => chownSync(path, uid, gid),
  };
}
