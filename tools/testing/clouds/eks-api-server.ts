import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { createServer, type RequestOptions, request, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Certificates } from '../s3/make-certificates.ts';
import { tokenProblem } from './eks-token-problem.ts';

/** How the cluster behind it is reached: an admin's kubeconfig with certificates, taken apart. */
export interface AdminAccess {
  server: string;
  ca: Buffer;
  cert: Buffer;
  key: Buffer;
}

export interface EksApiServerOptions {
  behind: AdminAccess;
  certificates: Certificates;
  clusterName: string;
  region: string;
  secretAccessKey: string;
}

/**
 * The API server of an EKS cluster: it takes the tokens that EKS takes, and nothing else, and passes what comes with them on to a
 * real API server as its admin. Watches and web sockets pass too.
 */
export class EksApiServer {
  /** Why tokens were refused. */
  readonly refused: string[] = [];
  private readonly server: Server;

  private constructor(private readonly options: EksApiServerOptions) {
    const { certificate, key } = options.certificates;
    this.server = createServer({ cert: readFileSync(certificate), key: readFileSync(key) });
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

  static async start(options: EksApiServerOptions): Promise<EksApiServer> {
    const api = new EksApiServer(options);
    await new Promise<void>((listening) => api.server.listen(0, '127.0.0.1', listening));
    return api;
  }

  /** What EKS tells of it. */
  get behind(): { server: string; caData: string } {
    const { port } = this.server.address() as AddressInfo;
    return { server: `https://127.0.0.1:${port}`, caData: Buffer.from(this.options.certificates.caBundle).toString('base64') };
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private problemOf({ headers }: IncomingMessage): string | undefined {
    const { clusterName, region, secretAccessKey } = this.options;
    const problem = tokenProblem(headers.authorization, { clusterName, region, secretAccessKey, now: new Date() });
    if (problem) this.refused.push(problem);
    return problem;
  }

  private passed({ method, url, headers: { authorization: _, host: __, ...headers } }: IncomingMessage): RequestOptions {
    const { server, ca, cert, key } = this.options.behind;
    const { hostname, port } = new URL(server);
    return { hostname, port, path: url, method, headers, ca, cert, key };
  }
}
