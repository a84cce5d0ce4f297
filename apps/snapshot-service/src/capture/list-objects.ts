import { FatalError } from '@godwit/contracts/errors';
import type { Finding } from '@godwit/contracts/findings';
import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import type { KubeClient } from '@godwit/kube/kube-client';
import { KubeRequestError } from '@godwit/kube/kube-error';
import { apiVersionOf, type ResourceType } from '@godwit/kube/resource-type';
import type { SelectionCriteria } from '@godwit/selection/selection-criteria';
import { listPages } from './list-pages.ts';
import { unlistedFindings, whyLeftOut } from './unlisted.ts';

/** Above so many namespaces one list of the whole cluster is cheaper than one for each. */
const LIST_EACH_UP_TO = 10;
const IN_FLIGHT = 8;
/** How often a list may expire before its end and begin anew. */
const MOST_EXPIRED = 3;

export interface ListRequest<T> {
  client: KubeClient;
  types: readonly ResourceType[];
  criteria: SelectionCriteria;
  /** Aggregated APIs whose backend did not answer discovery: `group/version`. */
  stale: readonly string[];
  /** What is kept of a page's objects; the objects themselves are not. */
  take(type: ResourceType, objects: KubernetesObject[]): Promise<T[]>;
  signal: AbortSignal;
}

/** A list that was read to its end. */
export interface ReadList {
  apiVersion: string;
  kind: string;
  /** Absent: the whole cluster. */
  namespace?: string;
  /** The moment that it shows. */
  resourceVersion: string;
  /** How many of its objects are in selected namespaces or cluster-scoped. */
  objects: number;
}

export interface Listed<T> {
  taken: T[];
  lists: ReadList[];
  findings: Finding[];
}

interface WholeList<T> {
  taken: T[];
  list: ReadList;
  hasRounded: boolean;
}

interface WantedList {
  type: ResourceType;
  namespace: string | undefined;
}

/**
 * Lists kinds in the selected namespaces, several at once. Each list is taken whole or not at all.
 *
 * A kind that may not be listed, or whose API does not answer, is reported and left out.
 * After a first error the others stop, and have stopped when it is thrown: what `take` writes to may be closed then.
 * @throws FatalError `ListForbidden` if the selection asks for that very kind; KubeRequestError to be tried again
 */
export async function listObjects<T>(request: ListRequest<T>): Promise<Listed<T>> {
  const { client, criteria, stale } = request;
  const failure = new AbortController();
  const signal = AbortSignal.any([request.signal, failure.signal]);
  const listed: Listed<T> = { taken: [], lists: [], findings: [] };
  const unlisted = new Map<ResourceType, { finding: Finding; namespaces: (string | undefined)[] }>();
  const queue = request.types.flatMap((type) => listsOf(type, criteria.namespaces));
  const worker = async () => {
    for (let wanted = queue.shift(); wanted; wanted = queue.shift()) {
      const { type, namespace } = wanted;
      try {
        const { taken, list, hasRounded } = await readWhole({ ...request, signal }, wanted);
        for (const one of taken) listed.taken.push(one);
        listed.lists.push(list);
        if (hasRounded) listed.findings.push(rounded(type, namespace, client.clusterName));
      } catch (error) {
        signal.throwIfAborted();
        const finding = whyLeftOut(error, type, client.clusterName, stale);
        if (!finding) throw error;
        if (finding.reason === 'ListForbidden' && type.namespaced && !namespace) {
          // Permissions may be given for each namespace only.
          queue.push(...[...criteria.namespaces].map((each) => ({ type, namespace: each })));
          continue;
        }
        if (finding.reason === 'ListForbidden' && criteria.namesType(type)) throw forbidden(finding);
        const before = unlisted.get(type);
        if (before) before.namespaces.push(namespace);
        else unlisted.set(type, { finding, namespaces: [namespace] });
      }
    }
  };
  const lane = () => worker().catch((error) => failure.abort(error));
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
  failure.signal.throwIfAborted();
  listed.findings.push(...unlistedFindings([...unlisted.values()], criteria));
  listed.lists.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  return listed;
}

function listsOf(type: ResourceType, namespaces: ReadonlySet<string>): WantedList[] {
  if (!type.namespaced || namespaces.size > LIST_EACH_UP_TO) return [{ type, namespace: undefined }];
  return [...namespaces].map((namespace) => ({ type, namespace }));
}

/** A list that expires before its end shows two moments, if it is gone on with: it begins anew instead. */
async function readWhole<T>(request: ListRequest<T>, wanted: WantedList): Promise<WholeList<T>> {
  for (let expired = 0; ; expired++) {
    try {
      return await readOnce(request, wanted);
    } catch (error) {
      if (!(error instanceof KubeRequestError) || error.status !== 410 || expired === MOST_EXPIRED) throw error;
    }
  }
}

async function readOnce<T>(
  { client, criteria, take, signal }: ListRequest<T>,
  { type, namespace }: WantedList,
): Promise<WholeList<T>> {
  const taken: T[] = [];
  let resourceVersion = '';
  let hasRounded = false;
  for await (const page of listPages(client, type, namespace, signal)) {
    resourceVersion ||= page.resourceVersion;
    hasRounded ||= page.hasRounded;
    const isWanted = (object: KubernetesObject) => !type.namespaced || criteria.namespaces.has(object.metadata.namespace ?? '');
    for (const one of await take(type, page.items.filter(isWanted))) taken.push(one);
  }
  const at = namespace ? { namespace } : {};
  return {
    taken,
    hasRounded,
    list: { apiVersion: apiVersionOf(type), kind: type.kind, ...at, resourceVersion, objects: taken.length },
  };
}

function rounded({ group, plural }: ResourceType, namespace: string | undefined, cluster: string): Finding {
  const object = group ? `${plural}.${group}` : plural;
  return {
    severity: 'warning',
    reason: 'NumbersRounded',
    cluster,
    object,
    message: `some of them${namespace ? ` in namespace ${namespace}` : ''} have integers beyond 2^53 (9007199254740992), whose last digits are lost`,
    cure: 'Compare such numbers after the run, and set them by hand; in strings they would stay as they are.',
  };
}

function forbidden({ message, object, cluster, cure }: Finding): FatalError {
  return new FatalError('ListForbidden', `the selection asks for ${object}, but it is ${message}`, {
    cure: `${cure} Or take ${object} out of the selection's resource types.`,
    subject: { cluster, object },
  });
}

function nameOf({ apiVersion, kind, namespace = '' }: ReadList): string {
  return `${apiVersion} ${kind} ${namespace}`;
}
