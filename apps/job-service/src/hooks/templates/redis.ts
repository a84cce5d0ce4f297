import type { AppHookTemplate } from '@godwit/contracts/api';
import { shell, variable } from './shell.ts';

const CLIENT = `export REDISCLI_AUTH="${variable('REDISCLI_AUTH', variable('REDIS_PASSWORD'))}"
[ -n "$REDISCLI_AUTH" ] || unset REDISCLI_AUTH
cli() {
  answer=$(redis-cli --no-auth-warning "$@")
  case $answer in *ERR*|*NOAUTH*|*WRONGPASS*|*MISCONF*) echo "$answer"; exit 1 ;; esac
  echo "$answer"
}`;

/** Facts from https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/ ("Backing up AOF persistence"). */
export const REDIS: readonly AppHookTemplate[] = [
  {
    id: 'redis-pre',
    application: 'Redis',
    name: 'Redis: write to disk',
    description:
      'Keeps the append-only file from being rewritten, waits for a rewrite that runs, and saves the data set. Clients wait while it ' +
      'is saved, and write on afterwards: what they write until the copy is in it only with the append-only file. It connects to the ' +
      'local server with REDIS_PASSWORD where that is set.',
    type: 'Pre',
    labels: 'app.kubernetes.io/name:redis',
    command: shell(`${CLIENT}
cli CONFIG SET auto-aof-rewrite-percentage 0
while cli INFO persistence | grep -Eq '^(aof_rewrite_in_progress|rdb_bgsave_in_progress):1'; do sleep 0.2; done
cli SAVE`),
    timeoutSeconds: 300,
    onError: 'Fail',
  },
  {
    id: 'redis-post',
    application: 'Redis',
    name: 'Redis: rewrite the append-only file again',
    description: 'Allows rewrites of the append-only file again, at the default of 100 %. Clone it where yours differs.',
    type: 'Post',
    labels: 'app.kubernetes.io/name:redis',
    command: shell(`${CLIENT}\ncli CONFIG SET auto-aof-rewrite-percentage 100`),
    timeoutSeconds: 30,
    onError: 'Fail',
  },
];
