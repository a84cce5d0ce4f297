import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ClusterBehind, EmulatorAnswer, Refusal } from './aws-emulator.ts';
import { DiscoveryDocument, type DocumentName } from './discovery-document.ts';
import { GcpIdentity } from './gcp-identity.ts';
import { GcpProject } from './gcp-project.ts';
import { GkeClusters } from './gke-clusters.ts';
import { notFound, refusal } from './google-answer.ts';
import { KillSwitch } from './kill-switch.ts';

/** The services, each below its name, with the documents that describe them. */
const SERVICES: Readonly<Record<string, DocumentName>> = {
  cloudresourcemanager: 'cloudresourcemanager.v1',
  compute: 'compute.v1',
  container: 'container.v1',
  iam: 'iam.v1',
  iamcredentials: 'iamcredentials.v1',
  sts: 'sts.v1',
};

/**
 * Google Cloud as far as clusters need it: each request is checked against the published description of its service, and has to
 * come with a token that was given for a signed assertion. Operations take their time, fail and are refused as tests want it.
 */
export class GcpEmulator {
  readonly projectId = 'a-project';
  readonly identity = new GcpIdentity();
  readonly project = new GcpProject();
  readonly clusters = new GkeClusters();
  /** `container.projects.locations.clusters.create`, in their order. */
  readonly seen: string[] = [];
  /** What the descriptions said of requests; nothing, unless one was wrong. */
  readonly wrong: string[] = [];
  private refusals: Refusal[] = [];
  private readonly killSwitch = new KillSwitch();
  private readonly server: Server;

  private readonly documents: Record<DocumentName, DiscoveryDocument>;

  private constructor(documents: Record<DocumentName, DiscoveryDocument>) {
    this.documents = documents;
    this.server = createServer((incoming, response) => {
      this.handle(incoming, response).catch(() => response.destroy());
    });
  }

  static async start(): Promise<GcpEmulator> {
    const emulator = new GcpEmulator(await DiscoveryDocument.readAll());
    await new Promise<void>((resolve) => emulator.server.listen(0, '127.0.0.1', resolve));
    return emulator;
  }

  /** The variables of the gcloud CLI that name it. */
  get env(): Record<string, string> {
    const endpoint = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    const overrides = Object.keys(SERVICES).map((service) => [
      `CLOUDSDK_API_ENDPOINT_OVERRIDES_${service.toUpperCase()}`,
      `${endpoint}/${service}/${service === 'compute' ? 'compute/v1/' : ''}`,
    ]);
    return { ...Object.fromEntries(overrides), CLOUDSDK_AUTH_TOKEN_HOST: `${endpoint}/token` };
  }

  /** Of the service account that acts. */
  get credentials() {
    const { email, privateKey } = this.identity;
    return { provider: 'GCP' as const, projectId: this.projectId, serviceAccountEmail: email, privateKey };
  }

  set behind(behind: ClusterBehind) {
    this.clusters.behind = behind;
  }

  reset(): void {
    this.clusters.clear();
    this.seen.length = 0;
    [this.refusals, this.project.denied] = [[], []];
    this.revive();
  }

  refuse(...refusals: Refusal[]): void {
    this.refusals = refusals;
  }

  killAfter(requests: number, onKill: () => void): void {
    this.killSwitch.killAfter(requests, onKill);
  }

  revive(): void {
    this.killSwitch.revive();
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private async handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const answer = await this.killSwitch.pass(() => this.answer(incoming, Buffer.concat(chunks).toString()));
    if (!answer) return void response.destroy();
    response.writeHead(answer.status, answer.headers).end(answer.body);
    return undefined;
  }

  private async answer({ method = 'GET', url = '/', headers }: IncomingMessage, text: string): Promise<EmulatorAnswer> {
    const { pathname, searchParams: query } = new URL(url, 'http://localhost');
    if (pathname === '/token') {
      this.seen.push('token');
      return this.refused('token') ?? this.identity.exchangeAssertion(new URLSearchParams(text));
    }
    const [, service = '', ...rest] = pathname.split('/');
    const path = `/${decodeURIComponent(rest.join('/'))}`;
    const document = SERVICES[service];
    if (!document) return notFound(url);
    const body = service === 'sts' ? fromForm(text) : text ? JSON.parse(text) : undefined;
    const { operation, problems } = this.documents[document].check({ method, path, query, body });
    this.seen.push(operation ?? `${method} ${pathname}`);
    this.wrong.push(...problems);
    if (!operation || problems.length > 0) return refusal(400, 'INVALID_ARGUMENT', problems.join('; '));
    const refused = this.refused(operation);
    if (refused) return refused;
    if (service === 'sts') return this.identity.exchangeSubject(body);
    const problem = this.identity.problemOf(headers.authorization, service === 'iamcredentials' ? 'federated' : 'access');
    if (problem) return refusal(401, 'UNAUTHENTICATED', `Request had invalid authentication credentials: ${problem}.`);
    return this.act(operation, path, body);
  }

  private act(operation: string, path: string, body: Record<string, never>): EmulatorAnswer {
    const parts = path.split('/');
    const last = parts.at(-1)!.split(':')[0]!;
    if (operation.startsWith('compute.')) return this.project.compute(parts[4]!, parts.slice(5).join('/'));
    if (operation === 'cloudresourcemanager.projects.testIamPermissions')
      return last === this.projectId
        ? this.project.permissions(body.permissions!)
        : refusal(403, 'PERMISSION_DENIED', 'The caller does not have permission');
    if (operation === 'iam.projects.serviceAccounts.list') return this.project.accounts();
    if (operation === 'iam.projects.serviceAccounts.testIamPermissions')
      return this.project.accountPermissions(last, body.permissions!);
    if (operation === 'iamcredentials.projects.serviceAccounts.generateAccessToken') return this.identity.impersonate(last);
    return this.actOnClusters(operation.replace('container.projects.locations.', ''), path.replace('/v1/', ''), body);
  }

  private actOnClusters(operation: string, path: string, body: Record<string, never>): EmulatorAnswer {
    const location = path.split('/')[3]!;
    if (!this.project.has(location)) return refusal(400, 'INVALID_ARGUMENT', `Location "${location}" does not exist.`);
    if (operation === 'getServerConfig') return this.clusters.versions();
    if (operation === 'clusters.create') return this.clusters.create(path.replace(/\/clusters$/, ''), body.cluster!);
    if (operation === 'clusters.get') return this.clusters.get(path);
    if (operation === 'clusters.delete') return this.clusters.delete(path);
    if (operation === 'clusters.list') return this.clusters.list();
    if (operation === 'operations.list') return this.clusters.listOperations();
    if (operation === 'operations.get') return this.clusters.operation(path.split('/').at(-1)!);
    return refusal(501, 'UNIMPLEMENTED', `${operation} is not there`);
  }

  private refused(operation: string): EmulatorAnswer | undefined {
    const found = this.refusals.find((candidate) => candidate.operation === operation && candidate.times !== 0);
    if (found?.times) found.times -= 1;
    return found && refusal(found.status, found.code, found.message);
  }
}

/** What the token service is asked has the names of OAuth in forms, and those of the description in JSON. */
function fromForm(text: string): Record<string, string> {
  const camel = (name: string) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return Object.fromEntries([...new URLSearchParams(text)].map(([name, value]) => [camel(name), value]));
}
