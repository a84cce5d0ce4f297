import { type AddressInfo, createServer } from 'node:net';

export interface PortClaim {
  /** What is to listen there, for the message. */
  what: string;
  host: string;
  port: number;
  /** What to do when the port is taken, as a sentence. */
  cure: string;
}

/** Throws an error for people when something else listens on the port, or when the address is not one of this machine. */
export async function assertPortFree({ what, host, port, cure }: PortClaim): Promise<void> {
  const code = await listenError(host, port);
  if (!code) return;
  const found = {
    EADDRINUSE: `port ${port} on ${host} is in use`,
    EADDRNOTAVAIL: `${host} is not an address of this machine`,
    EACCES: `port ${port} on ${host} may not be opened by this user`,
  }[code];
  throw new Error(`${what} cannot start: ${found ?? `listening on ${host}:${port} failed (${code})`}. ${cure}`);
}

/**
 * The kernel may give a port that was closed again to the next who asks.
 * @returns a port that was free a moment ago, and that no call of this on the machine is given until this process ends
 */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  for (;;) {
    const port = await anyPort(host);
    if (await reservePort(port)) return port;
  }
}

/** What was handed out by this process. */
const handedOut = new Set<number>();

/**
 * Among all processes that ask by this: the name of an abstract socket is one's own until the process ends (man 7 unix).
 * Elsewhere than on Linux, among the calls of this process.
 * @returns false: it was given to somebody already
 */
export async function reservePort(port: number): Promise<boolean> {
  if (handedOut.has(port)) return false;
  handedOut.add(port);
  if (process.platform !== 'linux') return true;
  return new Promise((resolve, reject) => {
    const holder = createServer().unref();
    holder.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? resolve(false) : reject(error)));
    holder.listen(`\0godwit-port-${port}`, () => resolve(true));
  });
}

function anyPort(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, host, () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** @returns the port in the environment variable, or the default; throws when it is not a port. */
export function portFromEnvironment(variable: string, fallback: number): number {
  const text = process.env[variable];
  if (!text) return fallback;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65535) throw new Error(`${variable}=${text} is not a port (1 to 65535).`);
  return port;
}

function listenError(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}
