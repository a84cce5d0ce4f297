import type { AppHookTemplate } from '@godwit/contracts/api';
import { shell, variable } from './shell.ts';

const USER = variable('POSTGRES_USER', 'postgres');
const PSQL = `psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --username="${USER}" --dbname=postgres`;

/**
 * Facts from https://www.postgresql.org/docs/current/sql-checkpoint.html,
 * https://www.postgresql.org/docs/current/runtime-config-client.html (default_transaction_read_only) and
 * https://www.postgresql.org/docs/current/functions-admin.html (pg_reload_conf, pg_terminate_backend).
 */
export const POSTGRESQL: readonly AppHookTemplate[] = [
  {
    id: 'postgresql-pre',
    application: 'PostgreSQL',
    name: 'PostgreSQL: hold writes',
    description:
      'Makes new transactions read-only, ends the sessions that were in the middle of one, and writes everything to disk by a ' +
      'checkpoint. The copy opens without recovery of half-done work, also where the volumes are cut one after the other. Clients see ' +
      'errors on writes until the post hook. It connects through the local socket as POSTGRES_USER, who must be a superuser.',
    type: 'Pre',
    labels: 'app.kubernetes.io/name:postgresql',
    command: shell(`
${PSQL} <<'SQL'
ALTER SYSTEM SET default_transaction_read_only = on;
SELECT pg_reload_conf();
SELECT pg_sleep(0.5);
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
 WHERE pid <> pg_backend_pid() AND backend_type = 'client backend' AND state <> 'idle';
CHECKPOINT;
SQL`),
    timeoutSeconds: 60,
    onError: 'Fail',
  },
  {
    id: 'postgresql-post',
    application: 'PostgreSQL',
    name: 'PostgreSQL: allow writes again',
    description: 'Takes back what "PostgreSQL: hold writes" did.',
    type: 'Post',
    labels: 'app.kubernetes.io/name:postgresql',
    command: shell(`
${PSQL} <<'SQL'
ALTER SYSTEM RESET default_transaction_read_only;
SELECT pg_reload_conf();
SQL`),
    timeoutSeconds: 60,
    onError: 'Fail',
  },
  {
    id: 'postgresql-post-restore',
    application: 'PostgreSQL',
    name: 'PostgreSQL: allow writes on the destination',
    description:
      'The copy was taken while writes were held, and its configuration says so: this allows them on the destination. It goes with ' +
      '"PostgreSQL: hold writes".',
    type: 'PostRestore',
    labels: 'app.kubernetes.io/name:postgresql',
    command: shell(`
${PSQL} <<'SQL'
ALTER SYSTEM RESET default_transaction_read_only;
SELECT pg_reload_conf();
SQL`),
    timeoutSeconds: 60,
    onError: 'Fail',
  },
];
