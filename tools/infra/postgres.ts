import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { type OwnedCommand, startOwned, waitUntilReady } from '../processes/owned-process.ts';
import { reclaim } from '../processes/process-record.ts';
import { runCommand } from '../processes/run-command.ts';
import { type Supervised, supervise } from '../processes/supervisor.ts';
import { ensureDirectory } from './home.ts';
import { assertPortFree } from './ports.ts';
import { type PostgresBinaries, postgresBinaries } from './postgres-binaries.ts';
import { ensurePostgresUser, type PostgresUser } from './postgres-user.ts';
import { ensureSecretFile, randomWord } from './secrets.ts';

export interface PostgresOptions {
  home: string;
  port: number;
  /** The data is thrown away afterwards: nothing is flushed to the disk. */
  ephemeral: boolean;
  /** Gets a line when the server ended and is started again. */
  onEvent: (line: string) => void;
}

export interface Postgres {
  server: Supervised;
  databaseUrl: string;
}

const HOST = '127.0.0.1';
const USER = 'godwit';
const DATABASE = 'godwit';
/** Fast shutdown: SIGTERM would wait for every client to leave. */
const STOP_SIGNAL = 'SIGINT';

/** Starts Postgres on 127.0.0.1 with its data in `home/postgres`, and makes the database `godwit`. */
export async function startPostgres({ home, port, ephemeral, onEvent }: PostgresOptions): Promise<Postgres> {
  await reclaim(join(home, 'run/postgres.json'), STOP_SIGNAL);
  const cure = 'Set GODWIT_POSTGRES_PORT to another port, or DATABASE_URL to a Postgres of your own.';
  await assertPortFree({ what: 'Postgres', host: HOST, port, cure });

  const user = await ensurePostgresUser();
  const binaries = await postgresBinaries(user.privileges.length > 0);
  const password = ensureSecretFile(join(home, 'postgres-password'), () => randomWord(32));
  const data = await ensureData(home, binaries, user, password);
  removeStaleLock(data);
  const command: OwnedCommand = {
    name: 'postgres',
    home,
    file: binaries.postgres,
    args: ['-D', data, '-p', String(port), ...settings(ephemeral)],
    privileges: user.privileges,
    stopSignal: STOP_SIGNAL,
  };
  const server = await startOwned(command);
  const url = (database: string) => `postgresql://${USER}:${password}@${HOST}:${port}/${database}`;
  await waitUntilReady(server, () => query(url('postgres'), 'SELECT 1'), 60_000);
  try {
    const found = await query(url('postgres'), 'SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
    if (!found) await query(url('postgres'), `CREATE DATABASE ${DATABASE}`);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return { server: await supervise(command, onEvent, server), databaseUrl: url(DATABASE) };
}

function settings(ephemeral: boolean): string[] {
  const all = { listen_addresses: HOST, unix_socket_directories: '', max_connections: '300', timezone: 'UTC' };
  // Commits still reach the operating system: what a killed server had committed is there when it is back.
  const fast = { fsync: 'off', full_page_writes: 'off' };
  return Object.entries(ephemeral ? { ...all, ...fast } : all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** An interrupted initdb leaves only a draft behind, so a data directory is always whole. */
async function ensureData(home: string, { initdb }: PostgresBinaries, user: PostgresUser, password: string): Promise<string> {
  const parent = ensureDirectory(join(home, 'postgres'));
  user.own(parent);
  const data = join(parent, 'data');
  if (existsSync(data)) return data;

  const draft = join(parent, 'draft');
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  user.own(draft);
  const passwordFile = join(parent, 'initial-password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  user.own(passwordFile);
  const args = [
    '-D',
    draft,
    '-U',
    USER,
    '--auth=scram-sha-256',
    `--pwfile=${passwordFile}`,
    '--encoding=UTF8',
    '--locale=C',
    '--no-sync',
  ];
  try {
    if (user.privileges.length > 0) await runCommand('setpriv', [...user.privileges, '--', initdb, ...args]);
    else await runCommand(initdb, args);
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(draft, data);
  return data;
}

/**
 * After a kill, Postgres's own lock names a process id that another program may have by now, and Postgres would refuse
 * to start. Our record knows better; only a process that really serves this directory keeps the lock.
 */
function removeStaleLock(data: string): void {
  const lock = join(data, 'postmaster.pid');
  if (!existsSync(lock)) return;
  const pid = readFileSync(lock, 'utf8').split('\n', 1)[0];
  const commandLine = `/proc/${pid}/cmdline`;
  const serves = existsSync(commandLine) && readFileSync(commandLine, 'utf8').split('\0').includes(data);
  if (!serves) rmSync(lock);
}

async function query(connectionString: string, text: string, values: unknown[] = []): Promise<unknown> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    return (await client.query(text, values)).rows[0];
  } finally {
    await client.end();
  }
}
