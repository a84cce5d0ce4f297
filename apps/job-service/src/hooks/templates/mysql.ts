import type { AppHookTemplate } from '@godwit/contracts/api';
import { shell, variable } from './shell.ts';
import { holdLock, releaseLock } from './sql-lock.ts';

/** Facts from https://dev.mysql.com/doc/refman/8.4/en/flush.html#flush-tables-with-read-lock */
const CLIENT = {
  command: 'mysql --user=root',
  passwords: variable('MYSQL_ROOT_PASSWORD'),
  lock: ['FLUSH TABLES WITH READ LOCK'],
};

export const MYSQL: readonly AppHookTemplate[] = [
  {
    id: 'mysql-pre',
    application: 'MySQL',
    name: 'MySQL: hold writes',
    description:
      'Closes all tables and holds commits by FLUSH TABLES WITH READ LOCK until the post hook, at most an hour. Clients that write ' +
      'wait. It waits itself for statements that run. It connects as root with MYSQL_ROOT_PASSWORD.',
    type: 'Pre',
    labels: 'app.kubernetes.io/name:mysql',
    command: shell(holdLock(CLIENT)),
    timeoutSeconds: 120,
    onError: 'Fail',
  },
  {
    id: 'mysql-post',
    application: 'MySQL',
    name: 'MySQL: allow writes again',
    description:
      'Ends the session that holds the lock of "MySQL: hold writes", or still waits for it. Fails if the lock was not held all the ' +
      'time.',
    type: 'Post',
    labels: 'app.kubernetes.io/name:mysql',
    command: shell(releaseLock(CLIENT)),
    timeoutSeconds: 60,
    onError: 'Fail',
  },
];
