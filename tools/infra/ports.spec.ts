import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { assertPortFree, freePort, portFromEnvironment, reservePort } from './ports.ts';

const claim = { what: 'Postgres', host: '127.0.0.1', cure: 'Set GODWIT_POSTGRES_PORT.' };

let server: Server;
let taken: number;
beforeEach(async () => {
  server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  taken = (server.address() as AddressInfo).port;
});
afterEach(() => {
  server.close();
  delete process.env.GODWIT_TEST_PORT;
});

test('says which port is in use, by whom it was wanted, and the cure', async () => {
  const message = `Postgres cannot start: port ${taken} on 127.0.0.1 is in use. Set GODWIT_POSTGRES_PORT.`;
  await expect(assertPortFree({ ...claim, port: taken })).rejects.toThrow(message);
});

test('says when an address is not of this machine', async () => {
  const elsewhere = assertPortFree({ ...claim, host: '192.0.2.1', port: 7432 });
  await expect(elsewhere).rejects.toThrow('Postgres cannot start: 192.0.2.1 is not an address of this machine.');
});

test('gives each who asks a port of its own', async () => {
  const ports = await Promise.all(Array.from({ length: 20 }, () => freePort()));
  expect(new Set(ports).size).toBe(20);
});

test('a port that another process was given is given to nobody else', async () => {
  const program = `import { freePort } from ${JSON.stringify(new URL('ports.ts', import.meta.url).href)}
    console.log(await freePort());
    setInterval(() => {}, 1000);`;
  const other = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const [line] = await once(other.stdout.setEncoding('utf8'), 'data');
    // There are no abstract sockets elsewhere.
    expect(await reservePort(Number(line))).toBe(process.platform !== 'linux');
  } finally {
    other.kill();
  }
});

test('finds a port that is free', async () => {
  const port = await freePort();
  await expect(assertPortFree({ ...claim, port })).resolves.toBeUndefined();
});

test('takes a port from the environment, or the default', () => {
  expect(portFromEnvironment('GODWIT_TEST_PORT', 7432)).toBe(7432);
  process.env.GODWIT_TEST_PORT = '5432';
  expect(portFromEnvironment('GODWIT_TEST_PORT', 7432)).toBe(5432);
});

test.each(['0', '65536', 'abc', '80.5'])('refuses the port %s', (text) => {
  process.env.GODWIT_TEST_PORT = text;
  expect(() => portFromEnvironment('GODWIT_TEST_PORT', 7432)).toThrow(`GODWIT_TEST_PORT=${text} is not a port (1 to 65535).`);
});
