import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { KubeClient } from '@godwit/kube/kube-client';
import { checkKubeconfig } from '@godwit/kube/kubeconfig';

/** What a list has: so many objects, each made when it is asked for. */
export interface ServedList {
  count: number;
  object(index: number): object;
}

/** How an API server refuses one request. */
export interface Refusal {
  status: number;
  body: object;
}

/**
 * An API server of which only lists are asked: in pages with continue tokens, at a resourceVersion of their own. It keeps no
 * objects, so that it may have any number.
 */
export class PagedApi {
  readonly requests: URL[] = [];
  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  /**
   * @param lists by path (`/api/v1/configmaps`)
   * @param refuse tells which requests are refused
   */
  static async start(
    lists: Record<string, ServedList>,
    refuse: (url: URL, seen: readonly URL[]) => Refusal | undefined = () => undefined,
  ): Promise<PagedApi> {
    const server = createServer((request, response) => {
      const url = new URL(request.url ?? '/', 'http://api');
      api.requests.push(url);
      const refusal = refuse(url, api.requests);
      if (refusal) return answer(response, refusal.status, refusal.body);
      const list = lists[url.pathname];
      if (!list)
        return answer(response, 404, { reason: 'NotFound', message: 'the server could not find the requested resource' });
      return answer(response, 200, pageOf(list, url, api.requests.length));
    });
    server.keepAliveTimeout = 60_000;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const api = new PagedApi(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    return api;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

function pageOf({ count, object }: ServedList, { searchParams }: URL, now: number): object {
  const [resourceVersion, from] = (searchParams.get('continue') ?? `${1000 + now}:0`).split(':');
  const start = Number(from);
  const end = Math.min(count, start + Number(searchParams.get('limit') ?? count));
  return {
    metadata: { resourceVersion, ...(end < count ? { continue: `${resourceVersion}:${end}` } : {}) },
    items: Array.from({ length: end - start }, (_, index) => object(start + index)),
  };
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

/** A client of such a server. */
export function clientOf(url: string): KubeClient {
  const checked = checkKubeconfig(
    JSON.stringify({
      'current-context': 'c',
      contexts: [{ name: 'c', context: { cluster: 'k', user: 'u' } }],
      clusters: [{ name: 'k', cluster: { server: url.replace('http:', 'https:') } }],
      users: [{ name: 'u', user: { token: 'any' } }],
    }),
  );
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems));
  // Users' clusters have to use TLS; this one is not asked to.
  Object.assign(checked.kubeconfig.getCurrentCluster() ?? {}, { server: url });
  return new KubeClient(checked.kubeconfig, 'source');
}
