import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import pg from 'pg';

const MIGRATIONS = new URL('../../prisma/migrations/', import.meta.url);

/** A variable of the environment that the tests cannot do without. */
export function need(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: these tests need a real server (npm run test:integration starts one)`);
  return value;
}

export interface TestDatabase {
  url: string;
  /** Ends all connections to it, as a restart of Postgres does. */
  disconnectAll(): Promise<void>;
  drop(): Promise<void>;
}

/** @returns a database of its own with the present schema, on the server of GODWIT_TEST_DATABASE_URL */
export async function createTestDatabase(): Promise<TestDatabase> {
  const serverUrl = need('GODWIT_TEST_DATABASE_URL');
  const name = `godwit_test_${randomBytes(6).toString('hex')}`;
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  await query(serverUrl, `CREATE DATABASE ${name}`);
  for (const entry of readdirSync(MIGRATIONS, { withFileTypes: true }).filter((candidate) => candidate.isDirectory()))
    await query(url.href, readFileSync(new URL(`${entry.name}/migration.sql`, MIGRATIONS), 'utf8'));
  return {
    url: url.href,
    disconnectAll: () => query(serverUrl, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`),
    drop: () => query(serverUrl, `DROP DATABASE ${name} WITH (FORCE)`),
  };
}

async function query(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
