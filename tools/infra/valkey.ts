import { rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { type OwnedCommand, startOwned, waitUntilReady } from '../processes/owned-process.ts';
import { reclaim } from '../processes/process-record.ts';
import { type Supervised, supervise } from '../processes/supervisor.ts';
import { ensureDirectory } from './home.ts';
import { assertPortFree } from './ports.ts';
import { ensureSecretFile, randomWord } from './secrets.ts';
import { ensureValkeyBinary } from './valkey-binary.ts';

export interface ValkeyOptions {
  home: string;
  port: number;
  /** Gets a line when the server ended and is started again. */
  onEvent: (line: string) => void;
}

export interface Valkey {
  server: Supervised;
  redisUrl: string;
}

const HOST = '127.0.0.1';

/** Starts Valkey on 127.0.0.1 with its data in `home/valkey`. It never evicts: a queue that loses messages at will is none. */
export async function startValkey({ home, port, onEvent }: ValkeyOptions): Promise<Valkey> {
  await reclaim(join(home, 'run/valkey.json'), 'SIGTERM');
  const cure = 'Set GODWIT_REDIS_PORT to another port, or REDIS_URL to a Valkey or Redis of your own.';
  await assertPortFree({ what: 'Valkey', host: HOST, port, cure });

  const binary = await ensureValkeyBinary();
  const directory = ensureDirectory(join(home, 'valkey'), 0o700);
  const password = ensureSecretFile(join(home, 'valkey-password'), () => randomWord(32));
  const configuration = writeConfiguration(directory, port, password);
  const command: OwnedCommand = { name: 'valkey', home, file: binary, args: [configuration] };
  const server = await startOwned(command);
  await waitUntilReady(server, () => ping(port, password));
  return { server: await supervise(command, onEvent, server), redisUrl: `redis://:${password}@${HOST}:${port}/0` };
}

/** A file and not arguments, which every user of the machine can read. */
function writeConfiguration(directory: string, port: number, password: string): string {
  const path = join(directory, 'valkey.conf');
  const lines = [
    `bind ${HOST}`,
    `port ${port}`,
    `dir ${JSON.stringify(directory)}`,
    `requirepass ${password}`,
    'maxmemory-policy noeviction',
    // The integration tests take one for each file.
    'databases 64',
    'save 60 1',
    // A full disk must not stop the queues: Postgres holds the truth.
    'stop-writes-on-bgsave-error no',
    'daemonize no',
  ];
  rmSync(path, { force: true });
  writeFileSync(path, `${lines.join('\n')}\n`, { mode: 0o600 });
  return path;
}

/** Makes a server lose all that it has, as any Redis may at any time. */
export async function emptyValkey(redisUrl: string): Promise<void> {
  const { port, password } = new URL(redisUrl);
  await ask(Number(port), password, 'FLUSHALL');
}

async function ping(port: number, password: string): Promise<void> {
  const answer = await ask(port, password, 'PING');
  if (!answer.includes('+PONG')) throw new Error(`answered ${answer || 'nothing'}`);
}

/** @returns what it answers, of its password and of the end too */
function ask(port: number, password: string, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: HOST, port });
    let answer = '';
    socket.setTimeout(2_000, () => socket.destroy(new Error(`no answer to ${command}`)));
    socket.once('error', reject);
    socket.once('connect', () => socket.write(`AUTH ${password}\r\n${command}\r\nQUIT\r\n`));
    socket.setEncoding('utf8').on('data', (text: string) => {
      answer += text;
    });
    socket.once('close', () => (/^-/m.test(answer) ? reject(new Error(`answered ${answer.trim()}`)) : resolve(answer.trim())));
  });
}
