import type { AppHookTemplate } from '@godwit/contracts/api';
import { shell, variable } from './shell.ts';
import { holdLock, releaseLock } from './sql-lock.ts';

/** Facts from https://mariadb.com/docs/server/reference/sql-statements/administrative-sql-statements/backup-commands/backup-stage */
const CLIENT = {
  command: 'mariadb --user=root',
  passwords: variable('MARIADB_ROOT_PASSWORD', variable('MYSQL_ROOT_PASSWORD')),
  lock: ['BACKUP STAGE START', 'BACKUP STAGE FLUSH', 'BACKUP STAGE BLOCK_DDL', 'BACKUP STAGE BLOCK_COMMIT'],
};

export const MARIADB: readonly AppHookTemplate[] = [
  {
    id: 'mariadb-pre',
    application: 'MariaDB',
    name: 'MariaDB: hold commits',
    description:
      'Goes through the stages of a backup up to BLOCK_COMMIT and holds it until the post hook, at most an hour. Clients that write ' +
      'wait. It connects as root with MARIADB_ROOT_PASSWORD (or MYSQL_ROOT_PASSWORD).',
    type: 'Pre',
    labels: 'app.kubernetes.io/name:mariadb',
    command: shell(holdLock(CLIENT)),
    timeoutSeconds: 120,
    onError: 'Fail',
  },
  {
    id: 'mariadb-post',
    application: 'MariaDB',
    name: 'MariaDB: allow commits again',
    description:
      'Ends the session that holds the backup stage of "MariaDB: hold commits", or still waits for it. Fails if the stage was not ' +
      'held all the time.',
    type: 'Post',
    labels: 'app.kubernetes.io/name:mariadb',
    command: shell(releaseLock(CLIENT)),
    timeoutSeconds: 60,
    onError: 'Fail',
  },
];
