import type { RequestOptions as HttpsOptions } from 'node:https';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { describeObject, type KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { FIELD_MANAGER } from '@godwit/contracts/labels';
import type { AddressGuard } from '@godwit/service-kit/address-guard';
import type { KubeConfig } from '@kubernetes/client-node';
import { Agent, type Dispatcher, interceptors, ProxyAgent, request } from 'undici';
import { MOST_IN_FLIGHT } from './adaptive-limit.ts';
import { apiWarnings } from './api-warnings.ts';
import { type ApiStatus, fromNetwork, fromStatus, KubeRequestError } from './kube-error.ts';
import { connectsTo } from './kubeconfig.ts';
import { RequestGate } from './request-gate.ts';
import { apiVersionOf, type ResourceType, resourcePath } from './resource-type.ts';

const CONNECT_TIMEOUT_MS = 5_000;
const ANSWER_TIMEOUT_MS = 60_000;
const PAGE_SIZE = 500;
/** Of a request that the API server does not take now. What it asks us to wait is most often one second. */
const THROTTLED_TRIES = 10;
const THROTTLED_PAUSE_MS = 1_000;
const MOST_PAUSE_MS = 30_000;

export interface RequestOptions {
  method?: string;
  query?: Record<string, string | number | boolean | undefined>;
  body?: unknown;
  contentType?: string;
  accept?: string;
  signal?: AbortSignal;
  /** Milliseconds until the answer begins, and between its pieces; Infinity for watches and logs. */
  answerTimeoutMs?: number;
  /** Gets what the API server warns of, where it takes the request all the same. */
  onWarnings?: (warnings: string[]) => void;
  /** For people: what was tried. */
  what?: string;
  /** For people: `Kind namespace/name`. */
  object?: string;
}

/** A successful answer. It must be read to its end in one of these ways, or its body be destroyed. */
export interface Answer {
  body: Readable;
  text(): Promise<string>;
  json(): Promise<unknown>;
}

export interface ListOptions {
  namespace?: string;
  labelSelector?: string;
  fieldSelector?: string;
  signal?: AbortSignal;
}

export interface ApplyOptions {
  signal?: AbortSignal;
  /** Take over fields that others manage. */
  force?: boolean;
  dryRun?: boolean;
  onWarnings?: (warnings: string[]) => void;
}

/**
 * One cluster's API server. It holds one pool of connections (client-node opens a new one for each request) and speaks
 * of every kind alike; paths come from discovery. All errors are {@link KubeRequestError}.
 */
export class KubeClient {
  readonly server: string;
  private readonly dispatcher: Dispatcher;
  /** Watches and logs hold their connection for minutes: they must not take those that requests wait for. */
  private readonly streams: Dispatcher;
  private readonly gate = new RequestGate();

  /**
   * @param clusterName the name under which users know the cluster; stands in every error
   * @param currentToken of credentials that end: asked before each request, so that a client outlives its first token
   * @param guard where clusters may be; undefined: anywhere
   * @throws AddressRefused
   */
  constructor(
    private readonly kubeconfig: KubeConfig,
    readonly clusterName: string,
    private readonly currentToken?: () => Promise<string | undefined>,
    private readonly guard?: AddressGuard,
  ) {
    const cluster = kubeconfig.getCurrentCluster();
    if (!cluster) throw new Error('the kubeconfig has no current cluster');
    guard?.checkUrl(connectsTo(kubeconfig));
    this.server = cluster.server.replace(/\/+$/, '');
    this.dispatcher = this.createDispatcher(MOST_IN_FLIGHT).compose(interceptors.decompress());
    this.streams = this.createDispatcher(null);
  }

  /** Closes idle connections; running watches end with an error. */
  async close(): Promise<void> {
    await Promise.all([this.dispatcher.destroy(), this.streams.destroy()]);
  }

  get<T extends KubernetesObject>(
    type: ResourceType,
    namespace: string | undefined,
    name: string,
    signal?: AbortSignal,
  ): Promise<T> {
    return this.json<T>(resourcePath(type, namespace, name), { signal, ...speakOf('reading', type, namespace, name) });
  }

  /** @returns undefined if there is no such object */
  async find<T extends KubernetesObject>(
    type: ResourceType,
    namespace: string | undefined,
    name: string,
    signal?: AbortSignal,
  ): Promise<T | undefined> {
    try {
      return await this.get<T>(type, namespace, name, signal);
    } catch (error) {
      if (error instanceof KubeRequestError && error.status === 404) return undefined;
      throw error;
    }
  }

  /** All objects of a kind, a page at a time. Items carry apiVersion and kind, which lists leave out. */
  async *list<T extends KubernetesObject>(type: ResourceType, options: ListOptions = {}): AsyncGenerator<T> {
    let token: string | undefined;
    do {
      const page = await this.json<{ metadata: { continue?: string }; items: T[] | null }>(
        resourcePath(type, options.namespace),
        {
          query: {
            limit: PAGE_SIZE,
            continue: token,
            labelSelector: options.labelSelector,
            fieldSelector: options.fieldSelector,
          },
          signal: options.signal,
          ...speakOf('listing', type, options.namespace),
        },
      );
      for (const item of page.items ?? []) yield { ...item, apiVersion: apiVersionOf(type), kind: type.kind };
      token = page.metadata.continue || undefined;
    } while (token);
  }

  create<T extends KubernetesObject>(
    type: ResourceType,
    object: KubernetesObject,
    signal?: AbortSignal,
    onWarnings?: (warnings: string[]) => void,
  ): Promise<T> {
    return this.json<T>(resourcePath(type, object.metadata.namespace), {
      method: 'POST',
      body: object,
      query: { fieldManager: FIELD_MANAGER },
      signal,
      onWarnings,
      what: 'creating',
      object: describeObject(object),
    });
  }

  /** Asks what creating an object would give, and whether it would be refused. Nothing is created. */
  tryCreate<T extends KubernetesObject>(type: ResourceType, object: KubernetesObject, signal?: AbortSignal): Promise<T> {
    return this.json<T>(resourcePath(type, object.metadata.namespace), {
      method: 'POST',
      body: object,
      query: { fieldManager: FIELD_MANAGER, dryRun: 'All' },
      signal,
      what: 'trying to create',
      object: describeObject(object),
    });
  }

  /** Replaces an object as a whole; its `resourceVersion` guards what others have changed meanwhile. */
  replace<T extends KubernetesObject>(type: ResourceType, object: KubernetesObject, signal?: AbortSignal): Promise<T> {
    return this.json<T>(resourcePath(type, object.metadata.namespace, object.metadata.name), {
      method: 'PUT',
      body: object,
      query: { fieldManager: FIELD_MANAGER },
      signal,
      what: 'replacing',
      object: describeObject(object),
    });
  }

  /** Server-side apply. */
  apply<T extends KubernetesObject>(type: ResourceType, object: KubernetesObject, options: ApplyOptions = {}): Promise<T> {
    return this.json<T>(resourcePath(type, object.metadata.namespace, object.metadata.name), {
      method: 'PATCH',
      contentType: 'application/apply-patch+yaml',
      body: object,
      query: { fieldManager: FIELD_MANAGER, force: options.force, dryRun: options.dryRun ? 'All' : undefined },
      signal: options.signal,
      onWarnings: options.onWarnings,
      what: 'applying',
      object: describeObject(object),
    });
  }

  /**
   * Server-side apply of an object's status alone, whoever else writes it.
   * @returns undefined if the kind has no status of its own (the status then is a part of the object)
   */
  async applyStatus<T extends KubernetesObject>(
    type: ResourceType,
    object: KubernetesObject,
    signal?: AbortSignal,
  ): Promise<T | undefined> {
    const { apiVersion, kind, status } = object;
    const { namespace, name } = object.metadata;
    try {
      return await this.json<T>(`${resourcePath(type, namespace, name)}/status`, {
        method: 'PATCH',
        contentType: 'application/apply-patch+yaml',
        body: { apiVersion, kind, metadata: { namespace, name }, status },
        query: { fieldManager: FIELD_MANAGER, force: true },
        signal,
        what: 'applying the status of',
        object: describeObject(object),
      });
    } catch (error) {
      if (error instanceof KubeRequestError && error.status === 404) return undefined;
      throw error;
    }
  }

  /** JSON patch (RFC 6902). */
  jsonPatch<T extends KubernetesObject>(
    type: ResourceType,
    namespace: string | undefined,
    name: string,
    operations: readonly object[],
    signal?: AbortSignal,
  ): Promise<T> {
    return this.json<T>(resourcePath(type, namespace, name), {
      method: 'PATCH',
      contentType: 'application/json-patch+json',
      body: operations,
      query: { fieldManager: FIELD_MANAGER },
      signal,
      ...speakOf('changing', type, namespace, name),
    });
  }

  /** JSON merge patch. */
  patch<T extends KubernetesObject>(
    type: ResourceType,
    namespace: string | undefined,
    name: string,
    patch: object,
    signal?: AbortSignal,
  ): Promise<T> {
    return this.json<T>(resourcePath(type, namespace, name), {
      method: 'PATCH',
      contentType: 'application/merge-patch+json',
      body: patch,
      query: { fieldManager: FIELD_MANAGER },
      signal,
      ...speakOf('changing', type, namespace, name),
    });
  }

  /** Deletes; an object that is not there is no error. `uid` guards against deleting another object of the same name. */
  async delete(
    type: ResourceType,
    namespace: string | undefined,
    name: string,
    options: { gracePeriodSeconds?: number; uid?: string; signal?: AbortSignal } = {},
  ): Promise<void> {
    try {
      await this.json(resourcePath(type, namespace, name), {
        method: 'DELETE',
        body: {
          propagationPolicy: 'Background',
          gracePeriodSeconds: options.gracePeriodSeconds,
          preconditions: options.uid ? { uid: options.uid } : undefined,
        },
        signal: options.signal,
        ...speakOf('deleting', type, namespace, name),
      });
    } catch (error) {
      if (error instanceof KubeRequestError && error.status === 404) return;
      throw error;
    }
  }

  /** A request whose answer is JSON. */
  async json<T>(path: string, options: RequestOptions = {}): Promise<T> {
    const answer = await this.request(path, options);
    try {
      return (await answer.json()) as T;
    } catch (error) {
      options.signal?.throwIfAborted();
      throw fromNetwork(error, this.server, options.what ?? path, this.subject(options));
    }
  }

  /**
   * A request; the answer's body is the caller's to read. What the API server does not take now, being busy, is sent again when it
   * says. Throws unless the answer is a success.
   */
  async request(path: string, options: RequestOptions = {}): Promise<Answer> {
    if (options.answerTimeoutMs === Number.POSITIVE_INFINITY) return this.send(path, options);
    for (let tries = 1; ; tries++) {
      const answer = await this.sendInTurn(path, options);
      if (!(answer instanceof KubeRequestError)) return answer;
      if (!answer.throttled || tries === THROTTLED_TRIES) throw answer;
      if (answer.throttled === 'object') await sleep(throttledPauseMs(answer), undefined, { signal: options.signal });
    }
  }

  /** Once. What the whole server is too busy for keeps its place while it waits: else the next in line would be refused in its stead. */
  private async sendInTurn(path: string, options: RequestOptions): Promise<Answer | KubeRequestError> {
    await this.gate.enter(options.signal);
    try {
      const response = await this.send(path, options);
      this.gate.onAnswer();
      return response;
    } catch (error) {
      if (!(error instanceof KubeRequestError)) throw error;
      if (error.throttled === 'server') {
        this.gate.onBusy();
        await sleep(throttledPauseMs(error), undefined, { signal: options.signal });
      } else if (error.status > 0) this.gate.onAnswer();
      return error;
    } finally {
      this.gate.leave();
    }
  }

  private async send(path: string, options: RequestOptions): Promise<Answer> {
    const url = new URL(this.server + path);
    for (const [key, value] of Object.entries(options.query ?? {})) {
      if (value !== undefined) url.searchParams.set(key, String(value));
    }
    const what = [options.what ?? `${options.method ?? 'GET'} ${path}`, options.object].filter(Boolean).join(' ');
    const timeout = options.answerTimeoutMs ?? ANSWER_TIMEOUT_MS;
    const isStream = timeout === Number.POSITIVE_INFINITY;
    let answer: Dispatcher.ResponseData;
    try {
      // Not `fetch`, which takes several times the work for each request.
      answer = await request(url, {
        method: (options.method ?? 'GET') as Dispatcher.HttpMethod,
        headers: {
          ...(await this.authorization()),
          accept: options.accept ?? 'application/json',
          // Lists may be large and the way far; events and logs must not wait until a block is full.
          ...(isStream ? {} : { 'accept-encoding': 'gzip' }),
          ...(options.body === undefined ? {} : { 'content-type': options.contentType ?? 'application/json' }),
        },
        body: options.body === undefined ? undefined : JSON.stringify(options.body),
        dispatcher: isStream ? this.streams : this.dispatcher,
        headersTimeout: isStream ? 0 : timeout,
        bodyTimeout: isStream ? 0 : timeout,
        signal: options.signal,
      });
    } catch (error) {
      options.signal?.throwIfAborted();
      throw fromNetwork(error, this.server, what, this.subject(options));
    }
    const { statusCode, headers, body } = answer;
    if (statusCode >= 200 && statusCode < 300) {
      if (options.onWarnings && headers.warning) options.onWarnings(apiWarnings(headers.warning));
      return { body, text: () => body.text(), json: () => body.json() };
    }
    const text = await body.text().catch(() => '');
    const retryAfter = headers['retry-after'];
    throw fromStatus(statusCode, parseStatus(text), what, this.subject(options), retryAfter?.toString());
  }

  /** Where and how to open a web socket to the API server. */
  async socket(path: string): Promise<{ url: string; options: HttpsOptions }> {
    const options: HttpsOptions = {};
    await this.renewToken();
    await this.kubeconfig.applyToHTTPSOptions(options);
    Object.assign(options, this.resolving());
    return { url: this.server.replace(/^http/, 'ws') + path, options };
  }

  private subject(options: RequestOptions) {
    return { cluster: this.clusterName, ...(options.object ? { object: options.object } : {}) };
  }

  private async renewToken(): Promise<void> {
    const token = await this.currentToken?.();
    const user = this.kubeconfig.getCurrentUser();
    if (token && user) Object.assign(user, { token });
  }

  private async authorization(): Promise<Record<string, string>> {
    await this.renewToken();
    const user = this.kubeconfig.getCurrentUser();
    if (user?.token) return { authorization: `Bearer ${user.token}` };
    if (user?.username)
      return { authorization: `Basic ${Buffer.from(`${user.username}:${user.password ?? ''}`).toString('base64')}` };
    return {};
  }

  /** @param connections most at once; null: as many as there are requests */
  private createDispatcher(connections: number | null): Dispatcher {
    const cluster = this.kubeconfig.getCurrentCluster()!;
    const user = this.kubeconfig.getCurrentUser();
    const fromBase64 = (data: string | undefined) => (data ? Buffer.from(data, 'base64') : undefined);
    const tls = {
      ca: fromBase64(cluster.caData),
      cert: fromBase64(user?.certData),
      key: fromBase64(user?.keyData),
      servername: cluster.tlsServerName,
      rejectUnauthorized: !cluster.skipTLSVerify,
    };
    // HTTP/1.1: as fast here, and what is behind a load balancer gets its share of the connections.
    const pool = { connections, keepAliveTimeout: 30_000, allowH2: false };
    return cluster.proxyUrl
      ? new ProxyAgent({ uri: cluster.proxyUrl, requestTls: tls, proxyTls: this.resolving(), ...pool })
      : new Agent({ ...pool, connect: { ...tls, ...this.resolving(), timeout: CONNECT_TIMEOUT_MS } });
  }

  private resolving() {
    return this.guard ? { lookup: this.guard.lookup } : {};
  }
}

/** As long as the server asks, and a little more for some, so that not all come back at once. */
function throttledPauseMs({ retryAfterSeconds }: KubeRequestError): number {
  const asked = Math.max((retryAfterSeconds ?? 0) * 1000, THROTTLED_PAUSE_MS);
  return Math.min(asked, MOST_PAUSE_MS) * (1 + Math.random() / 4);
}

function speakOf(verb: string, type: ResourceType, namespace?: string, name?: string): { what: string; object: string } {
  const object = name
    ? `${type.kind} ${namespace ? `${namespace}/` : ''}${name}`
    : `${type.plural}${namespace ? ` in ${namespace}` : ''}`;
  return { what: verb, object };
}

function parseStatus(text: string): ApiStatus {
  try {
    return JSON.parse(text) as ApiStatus;
  } catch {
    return {};
  }
}
