import type { AppHookTemplate } from '@godwit/contracts/api';
import { shell, variable } from './shell.ts';

const MONGOSH = `set -- --quiet
if [ -n "${variable('MONGO_INITDB_ROOT_USERNAME')}" ]; then
  set -- "$@" --username "$MONGO_INITDB_ROOT_USERNAME" --password "$MONGO_INITDB_ROOT_PASSWORD" --authenticationDatabase admin
fi`;

/**
 * Facts from https://www.mongodb.com/docs/manual/reference/method/db.fsyncLock/ and .../db.fsyncUnlock/: locks are counted, and each
 * is to be taken back.
 */
export const MONGODB: readonly AppHookTemplate[] = [
  {
    id: 'mongodb-pre',
    application: 'MongoDB',
    name: 'MongoDB: hold writes',
    description:
      'Writes everything to disk and holds writes by db.fsyncLock() until the post hook. It connects to the local server, with ' +
      'MONGO_INITDB_ROOT_USERNAME and its password where they are set; the role hostManager or more is needed. Of a replica set, it ' +
      'holds each member whose pod has the labels.',
    type: 'Pre',
    labels: 'app.kubernetes.io/name:mongodb',
    command: shell(`${MONGOSH}\nmongosh "$@" --eval 'if (db.fsyncLock().ok !== 1) quit(1)'`),
    timeoutSeconds: 60,
    onError: 'Fail',
  },
  {
    id: 'mongodb-post',
    application: 'MongoDB',
    name: 'MongoDB: allow writes again',
    description: 'Takes back every lock of db.fsyncLock() that is held.',
    type: 'Post',
    labels: 'app.kubernetes.io/name:mongodb',
    command: shell(
      `${MONGOSH}\nmongosh "$@" --eval 'while (db.currentOp().fsyncLock) { if (db.fsyncUnlock().ok !== 1) quit(1) }'`,
    ),
    timeoutSeconds: 60,
    onError: 'Fail',
  },
];
