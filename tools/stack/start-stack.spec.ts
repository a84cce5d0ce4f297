import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Infrastructure } from '../infra/start-infrastructure.ts';
import { type Stack, startStack } from './start-stack.ts';

/** A program as small as a service can be: it tells its environment, and is ready when it is asked the second time. */
const PROGRAM = `
import { createServer } from 'node:http';
let asked = 0;
const { DATABASE_URL, REDIS_URL, GODWIT_MASTER_KEY, GODWIT_HTTP_PORT, EXTRA } = process.env;
createServer((request, response) => {
  if (request.url === '/environment') response.end(JSON.stringify({ pid: process.pid, DATABASE_URL, REDIS_URL, GODWIT_MASTER_KEY, EXTRA }));
  else response.writeHead(process.env.EXTRA === 'never' || ++asked < 2 ? 503 : 200).end('database: no answer');
}).listen(Number(GODWIT_HTTP_PORT), '127.0.0.1', () => console.log('listening'));
process.on('SIGTERM', () => { console.log('stopping'); process.exit(0); });
`;

let home: string;
let infrastructure: Infrastructure;
let stack: Stack | undefined;
let lines: string[];

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'godwit-stack-'));
  writeFileSync(join(home, 'main.mjs'), PROGRAM);
  const s3 = { endpoint: 'http://127.0.0.1:1', accessKeyId: '-', secretAccessKey: '-', bucket: 'godwit', region: 'us-east-1' };
  const nothing = { kill: () => undefined, stop: async () => undefined };
  infrastructure = { home, databaseUrl: 'postgresql://127.0.0.1:1/godwit', redisUrl: 'redis://127.0.0.1:1/0', s3, ...nothing };
  lines = [];
});
afterEach(async () => {
  await stack?.stop();
  stack = undefined;
  rmSync(home, { recursive: true });
});

const start = (env: NodeJS.ProcessEnv, timeoutMs = 20_000) =>
  startStack({
    infrastructure,
    services: ['first', 'second'].map((name, index) => ({ name, port: 1 + index, main: join(home, 'main.mjs') })),
    freePorts: true,
    replicas: { second: 2 },
    env,
    onLine: (source, line) => lines.push(`${source}: ${line}`),
    timeoutMs,
  });

const environment = async (url: string) => (await fetch(`${url}/environment`)).json() as Promise<Record<string, unknown>>;

test('gives services what they need, and the same master key every time', async () => {
  stack = await start({ EXTRA: 'more' });
  const first = await environment(stack.apiUrl);
  expect(first).toMatchObject({ DATABASE_URL: infrastructure.databaseUrl, REDIS_URL: infrastructure.redisUrl, EXTRA: 'more' });
  expect(Buffer.from(String(first.GODWIT_MASTER_KEY), 'base64')).toHaveLength(32);

  await stack.stop();
  stack = await start({});
  expect((await environment(stack.apiUrl)).GODWIT_MASTER_KEY).toBe(first.GODWIT_MASTER_KEY);
});

test('starts a killed service again', async () => {
  stack = await start({});
  const before = await environment(stack.apiUrl);
  stack.kill('first', 'SIGKILL');
  while (stack.restarts('first') === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  await stack.ready();
  expect((await environment(stack.apiUrl)).pid).not.toBe(before.pid);
  expect(lines).toContain('first: ended (SIGKILL); starting it again');
  expect(() => stack?.kill('third', 'SIGKILL')).toThrow('There is no instance third; there are first, second, second-2.');
});

test('stops the services one after the other, the last started first', async () => {
  stack = await start({});
  await stack.stop();
  expect(lines.filter((line) => line.endsWith('stopping'))).toEqual([
    'second-2: stopping',
    'second: stopping',
    'first: stopping',
  ]);
});

test('says which service is not ready and why, and leaves none running', async () => {
  // Long enough for all of them to listen.
  await expect(start({ EXTRA: 'never' }, 5_000)).rejects.toThrow(/ is not ready: after 5 s, .* gave 503 database: no answer/);
  expect(lines.filter((line) => line.endsWith('stopping'))).toHaveLength(3);
});

test('gives up on a service that cannot start, and tells what it said', async () => {
  writeFileSync(join(home, 'main.mjs'), "console.error('no such table'); process.exit(1);");
  await expect(start({})).rejects.toThrow(/ is not ready: it ended 4 times\. It said last:\nno such table$/);
});
