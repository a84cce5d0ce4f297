import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { createServer, type RequestOptions, request, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { parse } from 'yaml';
import { makeCertificates } from '../s3/make-certificates.ts';

/** How the cluster behind it is reached: an admin's kubeconfig with certificates, taken apart. */
interface AdminAccess {
  server: string;
  ca: Buffer;
  cert: Buffer;
  key: Buffer;
}

interface ServerKeys {
  cert: Buffer;
  key: Buffer;
  ca: string;
}

/**
 * Judges the header `Authorization` as a cloud does.
 *
 * @param isAdmin whether the caller has the client certificate of `adminKubeconfig`
 * @returns why it is refused
 */
export type TokenCheck = (authorization: string | undefined, isAdmin: boolean) => string | undefined;

/**
 * The API server of a cluster that a cloud manages: it takes what the cloud takes, and nothing else, and passes what comes
 * with that on to a real API server as its admin. Watches and web sockets pass too.
 */
export class ManagedApiServer {
  /** Why tokens were refused. */
  readonly refused: string[] = [];
  private readonly server: Server;

  private constructor(
    private readonly admin: AdminAccess,
    private readonly keys: ServerKeys,
    private readonly check: TokenCheck,
  ) {
    this.server = createServer({ ...keys, requestCert: true, rejectUnauthorized: false });
    this.server.on('request', (incoming, response) => {
      const problem = this.problemOf(incoming);
      if (problem) {
        const status = {
          kind: 'Status',
          apiVersion: 'v1',
          status: 'Failure',
          reason: 'Unauthorized',
          message: problem,
          code: 401,
        };
        response.writeHead(401, { 'content-type': 'application/json' }).end(JSON.stringify(status));
        return;
      }
      const passed = request(this.passed(incoming), (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      passed.on('error', () => response.destroy());
      response.on('close', () => passed.destroy());
      incoming.pipe(passed);
    });
    this.server.on('upgrade', (incoming, socket, head) => {
      if (this.problemOf(incoming)) return void socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n');
      const passed = request(this.passed(incoming));
      passed.on('upgrade', (answer, upstream, upstreamHead) => {
        const headers = Object.entries(answer.headers).map(([name, value]) => `${name}: ${value}\r\n`);
        socket.write(`HTTP/1.1 101 Switching Protocols\r\n${headers.join('')}\r\n`);
        socket.write(upstreamHead);
        upstream.write(head);
        socket.on('error', () => upstream.destroy()).pipe(upstream);
        upstream.on('error', () => socket.destroy()).pipe(socket);
      });
      passed.on('response', () => socket.destroy()).on('error', () => socket.destroy());
      passed.end();
      return undefined;
    });
  }

  /** @param kubeconfig of an admin of the real cluster */
  static async start(kubeconfig: string, check: TokenCheck): Promise<ManagedApiServer> {
    const api = new ManagedApiServer(adminOf(kubeconfig), await makeKeys(), check);
    await new Promise<void>((listening) => api.server.listen(0, '127.0.0.1', listening));
    return api;
  }

  /** What the cloud tells of it; the authority is base64 of PEM. */
  get behind(): { server: string; caData: string } {
    const { port } = this.server.address() as AddressInfo;
    return { server: `https://127.0.0.1:${port}`, caData: Buffer.from(this.keys.ca).toString('base64') };
  }

  /** Where the cloud gives certificates to admins; its authority is the server's. */
  get adminKubeconfig(): string {
    const { server, caData } = this.behind;
    const user = {
      'client-certificate-data': this.keys.cert.toString('base64'),
      'client-key-data': this.keys.key.toString('base64'),
    };
    return JSON.stringify({
      clusters: [{ name: 'managed', cluster: { server, 'certificate-authority-data': caData } }],
      users: [{ name: 'admin', user }],
    });
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private problemOf({ headers, socket }: IncomingMessage): string | undefined {
    const problem = this.check(headers.authorization, (socket as TLSSocket).authorized);
    if (problem) this.refused.push(problem);
    return problem;
  }

  private passed({ method, url, headers: { authorization: _, host: __, ...headers } }: IncomingMessage): RequestOptions {
    const { server, ca, cert, key } = this.admin;
    const { hostname, port } = new URL(server);
    return { hostname, port, path: url, method, headers, ca, cert, key };
  }
}

async function makeKeys(): Promise<ServerKeys> {
  const directory = mkdtempSync(join(tmpdir(), 'godwit-managed-api-'));
  try {
    const { certificate, key, caBundle } = await makeCertificates(directory, ['IP:127.0.0.1']);
    return { cert: readFileSync(certificate), key: readFileSync(key), ca: caBundle };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function adminOf(kubeconfig: string): AdminAccess {
  const { clusters, users } = parse(kubeconfig);
  const bytes = (data: string) => Buffer.from(data, 'base64');
  return {
    server: clusters[0].cluster.server,
    ca: bytes(clusters[0].cluster['certificate-authority-data']),
    cert: bytes(users[0].user['client-certificate-data']),
    key: bytes(users[0].user['client-key-data']),
  };
}
