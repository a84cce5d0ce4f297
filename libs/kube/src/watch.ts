import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { FatalError, RetryableError } from '@godwit/contracts/errors';
import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import type { KubeClient } from './kube-client.ts';
import { KubeRequestError } from './kube-error.ts';
import { type ResourceType, resourcePath } from './resource-type.ts';

export const RESTART_WAIT_MS = 500;
/** The server closes a watch after so long, so that a dead connection is noticed. */
export const WATCH_SECONDS = 240;
/** So long a watch outlives an API server that does not answer (its restart, an upgrade); after that the step is tried again. */
const PATIENCE_MS = 120_000;

export interface WaitOptions {
  signal?: AbortSignal;
  timeoutMs: number;
  /** For the time-out's message: what was waited for, and what was last seen. */
  what: string;
  explain?: (last: KubernetesObject | undefined) => string | Promise<string>;
  /** Reason of the time-out error. */
  reason?: string;
  cure?: string;
  /** The time is one that people chose: what is not there by then is not waited for again. */
  isFinal?: boolean;
}

/**
 * Waits for a state of one object by a watch.
 *
 * @param test gets the object, or undefined when it is not there; its first result that is not undefined ends the wait, a throw too
 * @throws RetryableError after the time-out; FatalError if it is final
 */
export async function waitForObject<T extends KubernetesObject, R>(
  client: KubeClient,
  type: ResourceType,
  namespace: string | undefined,
  name: string,
  test: (object: T | undefined) => R | undefined | Promise<R | undefined>,
  options: WaitOptions,
): Promise<R> {
  const timeout = AbortSignal.timeout(Math.max(0, options.timeoutMs));
  const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
  let last: T | undefined;
  try {
    for await (const object of observeObject<T>(client, type, namespace, name, signal)) {
      last = object;
      const result = await test(object);
      if (result !== undefined) return result;
    }
  } catch (error) {
    if (!timeout.aborted || options.signal?.aborted) throw error;
  }
  options.signal?.throwIfAborted();
  const seen = (await options.explain?.(last)) ?? (last ? '' : 'it is not there');
  const Ends = options.isFinal ? FatalError : RetryableError;
  throw new Ends(
    options.reason ?? 'TimedOut',
    `cluster "${client.clusterName}": ${options.what}: not after ${Math.round(options.timeoutMs / 1000)} s${seen ? `; ${seen}` : ''}`,
    {
      subject: { cluster: client.clusterName, object: `${type.kind} ${namespace ? `${namespace}/` : ''}${name}` },
      cure: options.cure,
    },
  );
}

/** Waits until an object is gone. */
export async function waitUntilGone(
  client: KubeClient,
  type: ResourceType,
  namespace: string | undefined,
  name: string,
  options: Omit<WaitOptions, 'what'>,
): Promise<void> {
  await waitForObject(client, type, namespace, name, (object) => (object ? undefined : true), {
    what: `waiting until ${type.kind} ${namespace ? `${namespace}/` : ''}${name} is gone`,
    explain: (last) =>
      last?.metadata.finalizers?.length ? `it is held by the finalizers ${last.metadata.finalizers.join(', ')}` : '',
    ...options,
  });
}

/** Every state of one object, the present one first; undefined while it is not there. Ends only by the signal. */
async function* observeObject<T extends KubernetesObject>(
  client: KubeClient,
  type: ResourceType,
  namespace: string | undefined,
  name: string,
  signal: AbortSignal,
): AsyncGenerator<T | undefined> {
  const path = resourcePath(type, namespace);
  const query = { fieldSelector: `metadata.name=${name}` };
  const what = `watching ${type.kind} ${namespace ? `${namespace}/` : ''}${name}`;
  let answeredAt = Number.NEGATIVE_INFINITY;
  for (;;) {
    signal.throwIfAborted();
    let list: { metadata: { resourceVersion: string }; items: T[] };
    try {
      list = await client.json(path, { query, signal, what });
      answeredAt = performance.now();
    } catch (error) {
      signal.throwIfAborted();
      if (!isConnectionLoss(error) || performance.now() - answeredAt > PATIENCE_MS) throw error;
      await sleep(RESTART_WAIT_MS, undefined, { signal });
      continue;
    }
    yield list.items[0];
    const watchQuery = { ...query, watch: true, resourceVersion: list.metadata.resourceVersion, timeoutSeconds: WATCH_SECONDS };
    try {
      for await (const event of watchEvents<T>(client, path, watchQuery, signal, what)) {
        answeredAt = performance.now();
        if (event.type === 'ERROR') break; // most often 410 Gone: list again
        if (event.type !== 'BOOKMARK') yield event.type === 'DELETED' ? undefined : event.object;
      }
    } catch (error) {
      signal.throwIfAborted();
      if (!isConnectionLoss(error)) throw error;
    }
    await sleep(RESTART_WAIT_MS, undefined, { signal });
  }
}

/** True for what ends a watch by chance, so that it is to be begun anew. */
export function isConnectionLoss(error: unknown): boolean {
  return error instanceof KubeRequestError
    ? error.kind === 'retryable'
    : error instanceof TypeError || (error as { code?: string }).code !== undefined;
}

/** The lines of a watch. */
export async function* watchEvents<T>(
  client: KubeClient,
  path: string,
  query: Record<string, string | number | boolean | undefined>,
  signal: AbortSignal,
  what: string,
): AsyncGenerator<{ type: string; object: T }> {
  for await (const line of streamLines(client, path, query, signal, what)) yield JSON.parse(line) as { type: string; object: T };
}

/** The lines of an answer that goes on: a watch or a pod's log. */
export async function* streamLines(
  client: KubeClient,
  path: string,
  query: Record<string, string | number | boolean | undefined>,
  signal: AbortSignal,
  what: string,
): AsyncGenerator<string> {
  const { body } = await client.request(path, { query, signal, what, answerTimeoutMs: Number.POSITIVE_INFINITY });
  const lines = createInterface({ input: body, crlfDelay: Number.POSITIVE_INFINITY });
  // readline does not hand on its input's error: without this a broken stream would look like its end, or crash the process.
  let failure: Error | undefined;
  body.on('error', (error) => {
    failure = error;
    lines.close();
  });
  try {
    for await (const line of lines) if (line) yield line;
    signal.throwIfAborted();
    if (failure) throw failure;
  } finally {
    lines.close();
    body.destroy();
  }
}
