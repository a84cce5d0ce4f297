import { FatalError } from '@godwit/contracts/errors';
import { type RawData, WebSocket } from 'ws';
import { ExecOutput, type ExecResult } from './exec-output.ts';
import type { KubeClient } from './kube-client.ts';
import { type ApiStatus, fromNetwork, fromStatus } from './kube-error.ts';
import { POD, resourcePath } from './resource-type.ts';

const PROTOCOLS = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];
const CONNECT_TIMEOUT_MS = 10_000;
/** A node that went away says nothing: a connection that does not answer a ping is dead. */
const PING_EVERY_MS = 15_000;

export interface ExecCommand {
  namespace: string;
  pod: string;
  container: string;
  /** The program and its arguments; no shell is put before it. */
  command: readonly string[];
  timeoutMs: number;
  /** How much of what it writes is kept. */
  mostOutputBytes: number;
}

/**
 * Runs a command in a container and waits for its end.
 *
 * @throws KubeRequestError if the command was refused, so that it did not begin; FatalError `CommandTimedOut` (a node does not
 *   end a command whose caller has gone: it may still run); the signal's reason
 */
export async function execInPod(client: KubeClient, exec: ExecCommand, signal: AbortSignal): Promise<ExecResult> {
  const object = `Pod ${exec.namespace}/${exec.pod}`;
  const subject = { cluster: client.clusterName, object };
  const what = `running a command in container ${exec.container} of ${object}`;
  const query = new URLSearchParams({ container: exec.container, stdout: 'true', stderr: 'true' });
  for (const part of exec.command) query.append('command', part);
  const { url, options } = await client.socket(`${resourcePath(POD, exec.namespace, exec.pod)}/exec?${query}`);
  const output = new ExecOutput(exec.mostOutputBytes);
  const { promise, resolve, reject } = Promise.withResolvers<ExecResult>();
  // A socket that is closed while it connects fails once more, when nobody waits any longer.
  promise.catch(() => {});

  signal.throwIfAborted();
  const socket = new WebSocket(url, PROTOCOLS, { ...options, handshakeTimeout: CONNECT_TIMEOUT_MS });
  let began = false;
  let alive = true;
  const beat = setInterval(() => {
    if (!alive) return socket.terminate();
    alive = false;
    if (socket.readyState === WebSocket.OPEN) socket.ping();
  }, PING_EVERY_MS);
  const timer = setTimeout(() => {
    reject(
      new FatalError(
        'CommandTimedOut',
        `cluster "${client.clusterName}": ${what}: it did not end within ${exec.timeoutMs / 1000} s`,
        {
          subject,
          cure: 'It may still run there. Give the hook a longer timeout, or see in the pod what it waits for.',
        },
      ),
    );
  }, exec.timeoutMs);
  const stop = () => reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });

  socket.on('open', () => {
    began = true;
  });
  socket.on('pong', () => {
    alive = true;
  });
  socket.on('message', (data: RawData, isBinary: boolean) => {
    alive = true;
    if (isBinary) output.take(data as Buffer);
  });
  socket.on('close', () => resolve(output.result()));
  socket.on('unexpected-response', (_request, response) => {
    const parts: Buffer[] = [];
    response.on('data', (part: Buffer) => parts.push(part));
    response.on('end', () => reject(fromStatus(response.statusCode ?? 0, parseStatus(Buffer.concat(parts)), what, subject)));
  });
  // After it began, what was lost is told by the result: nobody knows how far the command came.
  socket.on('error', (error) => (began ? resolve(output.result()) : reject(fromNetwork(error, client.server, what, subject))));
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    clearInterval(beat);
    signal.removeEventListener('abort', stop);
    socket.terminate();
  }
}

function parseStatus(body: Buffer): ApiStatus {
  try {
    return JSON.parse(body.toString('utf8')) as ApiStatus;
  } catch {
    return {};
  }
}
