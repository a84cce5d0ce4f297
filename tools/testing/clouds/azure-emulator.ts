import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Certificates, makeCertificates } from '../s3/make-certificates.ts';
import { AzureModel } from './azure-model.ts';
import { type Answer, AzureResources, failure, json } from './azure-resources.ts';
import { KillSwitch } from './kill-switch.ts';

export interface AzureRefusal {
  /** `managed_clusters_delete`, as the description names it, without its service. */
  operation: string;
  status: number;
  code: string;
  message: string;
  /** How often; absent: always. */
  times?: number;
  headers?: Record<string, string>;
}

export const AZURE_ACCOUNT = {
  provider: 'Azure' as const,
  tenantId: '00000000-0000-4000-8000-00000000000a',
  subscriptionId: '00000000-0000-4000-8000-00000000000b',
  clientId: '00000000-0000-4000-8000-00000000000c',
  clientSecret: 'a-secret-of-azure',
};

/** What a pod with a workload identity has in its file. */
export const AZURE_FEDERATED_TOKEN = 'a-token-of-the-service-account';

/**
 * Azure as far as clusters need it: Entra ID, which gives tokens to the one account, and the resource manager, which takes these
 * and holds each request against Azure's own description.
 */
export class AzureEmulator {
  /** `managed_clusters_create_or_update`, in their order; tokens are not among them. */
  readonly seen: string[] = [];
  /** What the description said of requests; nothing, unless one was wrong. */
  readonly wrong: string[] = [];
  readonly resources = new AzureResources(AZURE_ACCOUNT.subscriptionId);
  /** Path of the authority's PEM: for NODE_EXTRA_CA_CERTS. */
  readonly caFile: string;
  private refusals: AzureRefusal[] = [];
  /** Scope by token. */
  private readonly tokens = new Map<string, string>();
  private readonly life = new KillSwitch();
  private readonly server: Server;

  private readonly model: AzureModel;
  private readonly directory: string;
  readonly certificates: Certificates;

  private constructor(model: AzureModel, directory: string, certificates: Certificates) {
    [this.model, this.directory, this.certificates] = [model, directory, certificates];
    this.caFile = join(directory, 'ca.pem');
    const { certificate, key } = certificates;
    this.server = createServer({ cert: readFileSync(certificate), key: readFileSync(key) }, (incoming, response) => {
      this.handle(incoming, response).catch(() => response.destroy());
    });
  }

  static async start(): Promise<AzureEmulator> {
    const model = await AzureModel.load();
    const directory = mkdtempSync(join(tmpdir(), 'godwit-azure-'));
    const emulator = new AzureEmulator(model, directory, await makeCertificates(directory, ['IP:127.0.0.1']));
    await new Promise<void>((listening) => emulator.server.listen(0, '127.0.0.1', listening));
    return emulator;
  }

  /** Of Entra ID and of the resource manager. */
  get endpoint(): string {
    return `https://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** What makes a service ask here. */
  get env(): Record<string, string> {
    return {
      AZURE_AUTHORITY_HOST: this.endpoint,
      AZURE_RESOURCE_MANAGER_ENDPOINT: this.endpoint,
      NODE_EXTRA_CA_CERTS: this.caFile,
    };
  }

  reset(): void {
    this.resources.reset();
    this.seen.length = 0;
    this.refusals = [];
    this.revive();
  }

  refuse(...refusals: AzureRefusal[]): void {
    this.refusals = refusals;
  }

  killAfter(requests: number, onKill: () => void): void {
    this.life.killAfter(requests, onKill);
  }

  revive(): void {
    this.life.revive();
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
    rmSync(this.directory, { recursive: true, force: true });
  }

  private async handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const url = new URL(incoming.url ?? '/', this.endpoint);
    const login = this.login(url, body);
    if (login) return void response.writeHead(login.status, login.headers).end(login.body);
    const answer = await this.life.pass(async () => this.manage(incoming, url, body));
    if (answer) response.writeHead(answer.status, answer.headers).end(answer.body);
    else response.destroy();
  }

  /** Entra ID. @returns undefined for what is asked of the resource manager */
  private login({ pathname, origin }: URL, body: string): Answer | undefined {
    const [, tenant, rest] = /^\/([^/]+)(\/.*)$/.exec(pathname) ?? [];
    if (rest === '/v2.0/.well-known/openid-configuration')
      return json(200, {
        issuer: `${origin}/${tenant}/v2.0`,
        authorization_endpoint: `${origin}/${tenant}/oauth2/v2.0/authorize`,
        token_endpoint: `${origin}/${tenant}/oauth2/v2.0/token`,
        jwks_uri: `${origin}/${tenant}/discovery/v2.0/keys`,
      });
    if (rest !== '/oauth2/v2.0/token') return undefined;
    const asked = new URLSearchParams(body);
    const { tenantId, clientId, clientSecret } = AZURE_ACCOUNT;
    if (tenant !== tenantId) return refusedLogin('AADSTS90002', `Tenant '${tenant}' not found.`, 'invalid_request');
    if (asked.get('client_id') !== clientId)
      return refusedLogin(
        'AADSTS700016',
        `Application '${asked.get('client_id')}' was not found in the directory.`,
        'unauthorized_client',
      );
    if (asked.get('client_secret') !== clientSecret && asked.get('client_assertion') !== AZURE_FEDERATED_TOKEN)
      return refusedLogin('AADSTS7000215', 'Invalid client secret provided.', 'invalid_client');
    const token = randomUUID();
    this.tokens.set(`Bearer ${token}`, asked.get('scope') ?? '');
    return json(200, { token_type: 'Bearer', expires_in: 3_599, ext_expires_in: 3_599, access_token: token });
  }

  private manage({ method = 'GET', headers }: IncomingMessage, url: URL, text: string): Answer {
    const scope = this.tokens.get(headers.authorization ?? '');
    if (!scope?.split(' ').includes(`${this.endpoint}/.default`))
      return failure(401, 'InvalidAuthenticationToken', 'The access token is invalid.');
    const body = text ? JSON.parse(text) : undefined;
    const { operation, parts, problems } = this.model.check({ method, url, body });
    const name = operation?.split(' ')[1] ?? 'unknown';
    this.seen.push(name);
    this.wrong.push(...problems);
    if (problems.length > 0) return failure(400, 'InvalidRequestContent', problems.join('; '));
    const refused = this.refusals.find((candidate) => candidate.operation === name && candidate.times !== 0);
    if (!refused) return this.resources.answer(operation!, parts, body, headers);
    if (refused.times) refused.times -= 1;
    return failure(refused.status, refused.code, refused.message, refused.headers);
  }
}

function refusedLogin(code: string, text: string, error: string): Answer {
  const description = `${code}: ${text} Trace ID: 00000000\r\nTimestamp: 2026-01-01 00:00:00Z`;
  return json(error === 'invalid_client' ? 401 : 400, {
    error,
    error_description: description,
    error_codes: [Number(code.slice(6))],
  });
}
