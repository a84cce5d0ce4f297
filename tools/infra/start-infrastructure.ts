import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Supervised } from '../processes/supervisor.ts';
import { ensureDirectory, godwitHome } from './home.ts';
import { lockHome } from './home-lock.ts';
import { migrateDatabase } from './migrate-database.ts';
import { type ObjectStoreAccess, startObjectStore } from './object-store.ts';
import { freePort, portFromEnvironment } from './ports.ts';
import { startPostgres } from './postgres.ts';
import { startValkey } from './valkey.ts';

export interface InfrastructureOptions {
  /** Where data, secrets and logs lie; `.godwit` (or `GODWIT_HOME`) when not given, a temporary directory when isolated. */
  home?: string;
  /** For tests: servers of its own on free ports, whatever the environment says, and nothing left afterwards. */
  isolated?: boolean;
  /** Address the S3 server listens on; `GODWIT_S3_BIND_ADDRESS`, else 127.0.0.1, which pods cannot reach. */
  s3BindAddress?: string;
  /** Gets one line for each thing worth telling. */
  onLine?: (line: string) => void;
}

export interface Infrastructure {
  home: string;
  databaseUrl: string;
  redisUrl: string;
  s3: ObjectStoreAccess;
  /** Sends a signal to one of the servers that were started here (`postgres`, `valkey`, `s3`); after its end it is started again. */
  kill(server: string, signal: NodeJS.Signals): void;
  /** Stops what was started here, and only that. */
  stop(): Promise<void>;
}

/**
 * Starts Postgres, Valkey and an S3 server, each unless the environment names one (DATABASE_URL, REDIS_URL,
 * GODWIT_S3_ENDPOINT), and brings the database to the current schema. Starting again after a kill just works.
 */
export async function startInfrastructure(options: InfrastructureOptions = {}): Promise<Infrastructure> {
  const isolated = options.isolated ?? false;
  const environment = isolated ? {} : process.env;
  const home = options.home ? ensureDirectory(options.home, 0o711) : isolated ? temporaryHome() : godwitHome();
  const onLine = options.onLine ?? (() => undefined);
  const unlock = lockHome(home);
  const onEvent = (server: string) => (line: string) => onLine(`${server}: ${line}`);

  const started: Supervised[] = [];
  const stop = async () => {
    await Promise.all(started.map((server) => server.stop()));
    if (isolated && !options.home) rmSync(home, { recursive: true, force: true, maxRetries: 3 });
    else unlock();
  };
  const port = (variable: string, fallback: number) => (isolated ? freePort('0.0.0.0') : portFromEnvironment(variable, fallback));

  const database = async () => {
    const own = environment.DATABASE_URL
      ? undefined
      : await startPostgres({
          home,
          port: await port('GODWIT_POSTGRES_PORT', 7432),
          ephemeral: isolated,
          onEvent: onEvent('Postgres'),
        });
    if (own) started.push(own.server);
    const url = own?.databaseUrl ?? environment.DATABASE_URL!;
    await migrateDatabase(url);
    onLine(`Postgres: ${place(url)}${own ? `, data in ${join(home, 'postgres')}` : ' (DATABASE_URL)'}`);
    return url;
  };
  const queue = async () => {
    const own = environment.REDIS_URL
      ? undefined
      : await startValkey({ home, port: await port('GODWIT_REDIS_PORT', 7479), onEvent: onEvent('Valkey') });
    if (own) started.push(own.server);
    const url = own?.redisUrl ?? environment.REDIS_URL!;
    onLine(`Valkey: ${place(url)}${own ? `, data in ${join(home, 'valkey')}` : ' (REDIS_URL)'}`);
    return url;
  };
  const objectStore = async () => {
    if (environment.GODWIT_S3_ENDPOINT) {
      const access = accessFromEnvironment(environment);
      onLine(`S3: ${access.endpoint}, bucket ${access.bucket} (GODWIT_S3_ENDPOINT)`);
      return access;
    }
    const bindAddress = options.s3BindAddress ?? environment.GODWIT_S3_BIND_ADDRESS ?? '127.0.0.1';
    const own = await startObjectStore({ home, port: await port('GODWIT_S3_PORT', 7470), bindAddress, onEvent: onEvent('S3') });
    started.push(own.server);
    onLine(`S3: ${own.access.endpoint}, bucket ${own.access.bucket}, data in ${join(home, 's3')}`);
    return own.access;
  };

  const results = await Promise.allSettled([database(), queue(), objectStore()] as const);
  const [databaseUrl, redisUrl, s3] = results;
  if (databaseUrl.status === 'rejected' || redisUrl.status === 'rejected' || s3.status === 'rejected') {
    await stop();
    const errors = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as Error] : []));
    throw errors.length === 1 ? errors[0] : new AggregateError(errors, errors.map((error) => error.message).join('\n'));
  }
  const kill = (name: string, signal: NodeJS.Signals) => {
    const server = started.find((candidate) => candidate.name === name);
    if (!server)
      throw new Error(
        `No server ${name} was started here; there are ${started.map((candidate) => candidate.name).join(', ') || 'none'}.`,
      );
    server.current()?.kill(signal);
  };
  return { home, databaseUrl: databaseUrl.value, redisUrl: redisUrl.value, s3: s3.value, kill, stop };
}

function temporaryHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'godwit-'));
  chmodSync(home, 0o711); // Postgres may run as another user, who must get to its own directory in it.
  return home;
}

/** Host, port and path of a URL: all of it that may be shown. */
function place(url: string): string {
  const { host, pathname } = new URL(url);
  return host + pathname;
}

function accessFromEnvironment(environment: NodeJS.ProcessEnv): ObjectStoreAccess {
  const value = (variable: string) => {
    const text = environment[variable];
    if (!text) throw new Error(`GODWIT_S3_ENDPOINT is set, so ${variable} must be set too.`);
    return text;
  };
  return {
    endpoint: value('GODWIT_S3_ENDPOINT'),
    accessKeyId: value('GODWIT_S3_ACCESS_KEY'),
    secretAccessKey: value('GODWIT_S3_SECRET_KEY'),
    bucket: value('GODWIT_S3_BUCKET'),
    region: environment.GODWIT_S3_REGION ?? 'us-east-1',
  };
}
