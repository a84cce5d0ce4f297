import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { KubeConfig } from '@kubernetes/client-node';
import { KubeClient } from '../src/kube-client.ts';
import { type ResourceType, resourcePath } from '../src/resource-type.ts';

export const CONFIG_MAP: ResourceType = {
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  namespaced: true,
  shortNames: ['cm'],
  verbs: ['list', 'delete'],
};

/** What stands in for an answer: a refusal with its status. */
type Refusal = { code: number; reason: string; message: string };

/** So much of an API server as writes and lists of plain objects take; what a real one does with them is for tests with clusters. */
export class StubApiServer {
  /** `METHOD path?query` of all requests, in their order. */
  readonly requests: string[] = [];
  /** Decides before anything else whether a request is refused. */
  refuse: (method: string, path: string) => Refusal | undefined = () => undefined;
  private readonly objects = new Map<string, KubernetesObject>();
  private version = 100;

  private constructor(
    private readonly server: Server,
    readonly client: KubeClient,
  ) {}

  static async start(): Promise<StubApiServer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const kubeconfig = new KubeConfig();
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    kubeconfig.loadFromClusterAndUser({ name: 'k', server: url, skipTLSVerify: false }, { name: 'u' });
    const stub = new StubApiServer(server, new KubeClient(kubeconfig, 'dest'));
    server.on('request', (request, response) => void stub.answer(request, response));
    return stub;
  }

  async stop(): Promise<void> {
    await this.client.close();
    this.server.closeAllConnections();
    this.server.close();
  }

  put(type: ResourceType, object: KubernetesObject): void {
    const { namespace, name } = object.metadata;
    const metadata = { uid: `uid-${name}`, resourceVersion: String(this.version++), ...object.metadata };
    this.objects.set(resourcePath(type, namespace, name), { ...object, metadata });
  }

  get(type: ResourceType, namespace: string | undefined, name: string): KubernetesObject | undefined {
    return this.objects.get(resourcePath(type, namespace, name));
  }

  remove(type: ResourceType, namespace: string | undefined, name: string): void {
    this.objects.delete(resourcePath(type, namespace, name));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/' } = request;
    this.requests.push(`${method} ${url}`);
    const { pathname, searchParams } = new URL(url, 'http://stub');
    const text = Buffer.concat(await Array.fromAsync(request)).toString();
    const body = text ? JSON.parse(text) : undefined;
    const result = this.refuse(method, pathname) ?? this.act(method, pathname, searchParams, body);
    response.writeHead('code' in result ? (result as Refusal).code : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(result));
  }

  private act(method: string, path: string, query: URLSearchParams, body: unknown): object {
    const object = this.objects.get(path);
    if (method === 'GET') return object ?? this.list(path, query.get('labelSelector'));
    if (method === 'POST') return this.create(path, body as KubernetesObject);
    if (!object) return notFound(path);
    if (method === 'DELETE') {
      const { preconditions } = body as { preconditions?: { uid?: string } };
      if (preconditions?.uid && preconditions.uid !== object.metadata.uid) return conflict('the UID in the precondition differs');
      this.objects.delete(path);
      return object;
    }
    const replacement = method === 'PATCH' ? merge(object, body) : (body as KubernetesObject);
    if (replacement.metadata.resourceVersion !== object.metadata.resourceVersion) return conflict('the object has been modified');
    this.objects.set(path, { ...replacement, metadata: { ...replacement.metadata, resourceVersion: String(this.version++) } });
    return this.objects.get(path)!;
  }

  private create(path: string, body: KubernetesObject): object {
    const { name } = body.metadata;
    const at = `${path}/${name}`;
    if (this.objects.has(at)) return { code: 409, reason: 'AlreadyExists', message: `"${name}" already exists` };
    const created = { ...body, metadata: { uid: `uid-${name}`, resourceVersion: String(this.version++), ...body.metadata } };
    this.objects.set(at, created);
    return created;
  }

  /** A path without objects below it is that of an object which is not there, unless it ends like a list. */
  private list(path: string, selector: string | null): object {
    const plural = path.split('/').at(-1)!;
    if (!/s$/.test(plural)) return notFound(path);
    const [key = '', value] = selector?.split('=') ?? [];
    const scope = path.slice(0, path.length - plural.length);
    const items = [...this.objects]
      .filter(([at]) => at.startsWith(scope) && at.split('/').at(-2) === plural)
      .map(([, object]) => object)
      .filter(({ metadata }) => !selector || metadata.labels?.[key] === value);
    return { metadata: {}, items: items.length > 0 ? items : null };
  }
}

/** As a merge patch does it. */
function merge<T>(into: T, patch: unknown): T {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch as T;
  const merged = { ...into } as Record<string, unknown>;
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = merge(merged[key], value);
  }
  return merged as T;
}

function notFound(path: string): Refusal {
  return { code: 404, reason: 'NotFound', message: `there is nothing at ${path}` };
}

function conflict(message: string): Refusal {
  return { code: 409, reason: 'Conflict', message };
}
