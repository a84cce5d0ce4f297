import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import type { KubeClient } from '@godwit/kube/kube-client';
import { fromNetwork } from '@godwit/kube/kube-error';
import { apiVersionOf, type ResourceType, resourcePath } from '@godwit/kube/resource-type';

const FIRST_LIMIT = 100;
const MOST_IN_PAGE = 500;
/** Objects may have more than a megabyte each: a page is to have so many that it comes to about this.
 * Parsed it takes several times as much, and several lists are read at once. */
const PAGE_CHARACTERS = 1 << 20;

export interface Page {
  /** With apiVersion and kind, which lists leave out. */
  items: KubernetesObject[];
  /** The one moment that all pages of a list show. */
  resourceVersion: string;
  /** It has integers that JavaScript's numbers cannot hold, so that they come out rounded. */
  hasRounded: boolean;
}

interface Answer {
  metadata: { resourceVersion?: string; continue?: string };
  items: KubernetesObject[] | null;
}

/**
 * All objects of a kind, a page at a time, of which none is held longer than it is looked at.
 * @throws KubeRequestError; `Expired` (410) if the list took longer than the API server keeps its moment: begin anew
 */
export async function* listPages(
  client: KubeClient,
  type: ResourceType,
  namespace: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<Page> {
  const apiVersion = apiVersionOf(type);
  let limit = FIRST_LIMIT;
  let token: string | undefined;
  do {
    const { answer, text } = await readPage(client, type, namespace, { limit, continue: token }, signal);
    const items = answer.items ?? [];
    for (const item of items) {
      item.apiVersion = apiVersion;
      item.kind = type.kind;
    }
    yield { items, resourceVersion: answer.metadata.resourceVersion ?? '', hasRounded: roundsNumbers(text) };
    token = answer.metadata.continue || undefined;
    limit = nextLimit(items.length, text.length);
  } while (token);
}

/** How many objects of this size make a page, growing at most twofold for those to come may be larger. */
export function nextLimit(objects: number, characters: number): number {
  const fitting = Math.floor((objects * PAGE_CHARACTERS) / Math.max(characters, 1));
  return Math.max(1, Math.min(MOST_IN_PAGE, 2 * objects, fitting));
}

/** What may be a number beyond 2^53; within a string too, so that it only tells where to look closer. */
const LARGE_INTEGER = /[:[,]\s*-?\d{16,}/;

/** Whether parsing a text as JSON rounds integers. */
export function roundsNumbers(text: string): boolean {
  if (!LARGE_INTEGER.test(text)) return false;
  let found = false;
  JSON.parse(text, (_key, value: unknown, context?: { source?: string }) => {
    if (typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(context?.source ?? '')) found = true;
    // Nothing of what was looked at need be kept.
    return undefined;
  });
  return found;
}

async function readPage(
  client: KubeClient,
  type: ResourceType,
  namespace: string | undefined,
  query: { limit: number; continue: string | undefined },
  signal: AbortSignal,
): Promise<{ answer: Answer; text: string }> {
  const what = `listing ${type.plural}${namespace ? ` in ${namespace}` : ''}`;
  const response = await client.request(resourcePath(type, namespace), { query, signal, what });
  try {
    const text = await response.text();
    return { answer: JSON.parse(text) as Answer, text };
  } catch (error) {
    signal.throwIfAborted();
    throw fromNetwork(error, client.server, what, { cluster: client.clusterName });
  }
}
