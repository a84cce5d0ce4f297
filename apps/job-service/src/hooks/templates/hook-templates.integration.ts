import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { ensureValkeyBinary } from '../../../../../tools/infra/valkey-binary.ts';
import { runCommand } from '../../../../../tools/processes/run-command.ts';
import { eventually } from '../../../test/eventually.ts';
import { HOOK_TEMPLATES } from './hook-templates.ts';

jest.setTimeout(60_000);

const PASSWORD = 'only for this test';
/** A commit that is held is not there after so long. */
const HELD_MS = 1_000;

const directory = mkdtempSync(join(tmpdir(), 'godwit-hook-templates-'));
const servers: ChildProcess[] = [];

function start(file: string, ...args: string[]): void {
  servers.push(spawn(file, args, { stdio: 'ignore' }));
}

afterAll(async () => {
  for (const server of servers) {
    server.kill('SIGKILL');
    if (server.exitCode === null && server.signalCode === null) await once(server, 'exit');
  }
  rmSync(directory, { recursive: true, force: true });
});

const until = (work: () => Promise<unknown>) => eventually(work, 40_000);

/** Runs a template's command as a container would, with the variables of its image. */
function runTemplate(id: string, env: NodeJS.ProcessEnv): Promise<string> {
  const [file, ...args] = HOOK_TEMPLATES.find((template) => template.id === id)!.command;
  return runCommand(file!, args, { env: { PATH: process.env.PATH, ...env } });
}

const socket = join(directory, 'mariadb.sock');
/** In a container it is the socket that the client takes by itself. */
const inContainer = { HOME: directory };
const sql = (statement: string) =>
  runCommand('mariadb', ['--user=root', '--skip-column-names', `--execute=${statement}`], {
    env: { ...process.env, ...inContainer, MYSQL_PWD: PASSWORD },
  });

/** @returns the sessions that run a statement like this */
async function running(statement: string): Promise<string[]> {
  const ids = `SELECT id FROM information_schema.processlist WHERE info LIKE '${statement}%'`;
  return (await sql(`${ids} AND id <> CONNECTION_ID()`)).split('\n').filter(Boolean);
}

/** What the hooks keep where the client is. */
const lockFiles = () => ['/tmp/godwit-lock.pid', '/tmp/godwit-lock.log'].filter((path) => existsSync(path));

beforeAll(async () => {
  writeFileSync(join(directory, '.my.cnf'), `[client]\nsocket=${socket}\n`);
  const datadir = join(directory, 'mariadb');
  await runCommand('mariadb-install-db', [
    '--no-defaults',
    `--datadir=${datadir}`,
    '--user=root',
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
  ]);
  start('mariadbd', '--no-defaults', `--datadir=${datadir}`, `--socket=${socket}`, '--skip-networking', '--user=root');
  const env = { ...process.env, ...inContainer };
  await until(() => runCommand('mariadb', ['--user=root', `--execute=SET PASSWORD = PASSWORD('${PASSWORD}')`], { env }));
  await sql('CREATE DATABASE shop; CREATE TABLE shop.orders (n int primary key) ENGINE=InnoDB');
});

// MySQL's commands are those of MariaDB too, whose client is called `mysql` as well.
test.each([
  ['mariadb', { MARIADB_ROOT_PASSWORD: PASSWORD }, 1],
  ['mariadb', { MYSQL_ROOT_PASSWORD: PASSWORD }, 2],
  ['mysql', { MYSQL_ROOT_PASSWORD: PASSWORD }, 3],
])('%s: what is committed between pre and post waits, with %j', async (application, variables, n) => {
  const env = { ...inContainer, ...variables };
  await runTemplate(`${application}-pre`, env);
  let committed = false;
  const insert = sql(`INSERT INTO shop.orders VALUES (${n})`).then(() => {
    committed = true;
  });
  await sleep(HELD_MS);
  expect(committed).toBe(false);
  expect((await sql(`SELECT count(*) FROM shop.orders WHERE n = ${n}`)).trim()).toBe('0');

  await runTemplate(`${application}-post`, env);
  await insert;
  expect((await sql(`SELECT count(*) FROM shop.orders WHERE n = ${n}`)).trim()).toBe('1');
  // Once more changes nothing.
  await runTemplate(`${application}-post`, env);
});

test.each([
  ['mysql', 'SELECT sleep(60) FROM shop.orders LIMIT 1 FOR UPDATE', 'FLUSH TABLES'],
  ['mariadb', 'BACKUP STAGE START; SELECT sleep(60)', 'BACKUP STAGE START'],
])('%s: a lock that is still waited for is taken back too, and is not taken later', async (application, blocker, waiting) => {
  const env = { ...inContainer, MYSQL_ROOT_PASSWORD: PASSWORD };
  const waits = () => running(`%godwit_lock%${waiting}`);
  const blocking = sql(blocker).catch(() => undefined); // ended below
  await until(async () => expect(await running('SELECT sleep(60)')).toHaveLength(1));
  const pre = runTemplate(`${application}-pre`, env).catch((error: Error) => error);
  await until(async () => expect(await waits()).toHaveLength(1));

  await runTemplate(`${application}-post`, env);
  expect(await waits()).toEqual([]);
  expect(await pre).toBeInstanceOf(Error);
  const [blocked] = await running('SELECT sleep(60)');
  await sql(`KILL ${blocked}`);
  await blocking;
  await sleep(HELD_MS);
  await sql(`INSERT INTO shop.orders VALUES (${application === 'mysql' ? 20 : 21})`);
  expect(lockFiles()).toEqual([]);
  await runTemplate(`${application}-post`, env);
});

test('mariadb: a pre hook that is run again goes on with the lock that is held', async () => {
  const env = { ...inContainer, MARIADB_ROOT_PASSWORD: PASSWORD };
  await runTemplate('mariadb-pre', env);
  await runTemplate('mariadb-pre', env);
  await runTemplate('mariadb-post', env);
  await sql('INSERT INTO shop.orders VALUES (11)');
  expect(lockFiles()).toEqual([]);
});

test('mariadb: the session is ended also where its client is gone', async () => {
  const env = { ...inContainer, MARIADB_ROOT_PASSWORD: PASSWORD };
  await runTemplate('mariadb-pre', env);
  process.kill(Number(readFileSync('/tmp/godwit-lock.pid', 'utf8')), 'SIGKILL');
  await runTemplate('mariadb-post', env);
  await sql('INSERT INTO shop.orders VALUES (12)');
  expect(lockFiles()).toEqual([]);
});

test.each(['mariadb', 'mysql'])(
  '%s: a lock that ended by itself fails the post hook, each time, until it is taken anew',
  async (application) => {
    const env = { ...inContainer, MYSQL_ROOT_PASSWORD: PASSWORD };
    await runTemplate(`${application}-pre`, env);
    const client = readFileSync('/tmp/godwit-lock.pid', 'utf8').trim();
    const [, session] = /^godwit-session (\d+)$/m.exec(readFileSync('/tmp/godwit-lock.log', 'utf8'))!;
    await sql(`KILL ${session}`);
    await until(async () => expect(existsSync(`/proc/${client}`) && readFileSync(`/proc/${client}/cmdline`, 'utf8')).toBeFalsy());
    for (let time = 1; time <= 2; time++)
      await expect(runTemplate(`${application}-post`, env)).rejects.toThrow(/The lock ended before this hook/);
    await runTemplate(`${application}-pre`, env);
    await runTemplate(`${application}-post`, env);
    expect(lockFiles()).toEqual([]);
  },
);

test('mysql: without a lock, a post hook is done, also where the server does not answer', async () => {
  const env = { ...inContainer, MYSQL_ROOT_PASSWORD: PASSWORD };
  await runTemplate('mysql-post', env);
  await runTemplate('mysql-post', { ...env, MYSQL_ROOT_PASSWORD: 'wrong' });
});

test('mariadb: a wrong password fails at once, with what the server said', async () => {
  const failed = runTemplate('mariadb-pre', { ...inContainer, MARIADB_ROOT_PASSWORD: 'wrong' });
  await expect(failed).rejects.toThrow(/Access denied/);
});

test('redis: the data set is saved, and the append-only file is not rewritten until post', async () => {
  const port = 20_000 + (process.pid % 10_000);
  const password = ['--requirepass', PASSWORD];
  const server = await ensureValkeyBinary();
  start(server, '--port', String(port), '--dir', directory, '--appendonly', 'yes', '--save', '', ...password);
  // In a container it is the port that the client takes by itself.
  const client = join(directory, 'redis-cli');
  writeFileSync(client, `#!/bin/sh\nexec /usr/bin/redis-cli -p ${port} "$@"\n`);
  chmodSync(client, 0o755);
  const env = { PATH: `${directory}:${process.env.PATH}`, REDIS_PASSWORD: PASSWORD };
  const cli = (...args: string[]) => runCommand(client, ['--no-auth-warning', '-a', PASSWORD, ...args]);
  await until(async () => expect(await cli('PING')).toBe('PONG\n'));
  await cli('SET', 'key', 'value');
  const rewriteAt = async () => (await cli('CONFIG', 'GET', 'auto-aof-rewrite-percentage')).trim().split('\n').at(-1);

  await runTemplate('redis-pre', env);
  expect(await rewriteAt()).toBe('0');
  expect(await cli('INFO', 'persistence')).toMatch(/rdb_changes_since_last_save:0/);
  await runTemplate('redis-post', env);
  expect(await rewriteAt()).toBe('100');
  await expect(runTemplate('redis-pre', { ...env, REDIS_PASSWORD: 'wrong' })).rejects.toThrow(/WRONGPASS|NOAUTH/);
});
