import type { Finding } from '@godwit/contracts/findings';
import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import type { KubeClient } from '@godwit/kube/kube-client';
import { KubeRequestError } from '@godwit/kube/kube-error';
import { listAll } from '@godwit/kube/list-all';
import { apiVersionOf, type ResourceType } from '@godwit/kube/resource-type';

/** Above so many namespaces one list of the whole cluster is cheaper than one for each. */
const LIST_EACH_UP_TO = 10;
const IN_FLIGHT = 8;

export interface Listed {
  objects: KubernetesObject[];
  findings: Finding[];
}

/**
 * Lists namespaced kinds in the given namespaces. A kind that may not be listed is reported and left out.
 *
 * @param stale aggregated APIs whose backend did not answer discovery: `group/version`
 */
export async function listNamespaced(
  client: KubeClient,
  types: ResourceType[],
  namespaces: readonly string[],
  stale: readonly string[],
  signal: AbortSignal,
): Promise<Listed> {
  const wanted = new Set(namespaces);
  const scopes = namespaces.length > LIST_EACH_UP_TO ? [undefined] : namespaces;
  const lists = types.flatMap((type) => scopes.map((namespace) => ({ type, namespace })));
  const listed = await listEach(client, lists, stale, signal);
  return { ...listed, objects: listed.objects.filter(({ metadata }) => wanted.has(metadata.namespace ?? '')) };
}

/** Lists cluster-scoped kinds. */
export function listClusterScoped(
  client: KubeClient,
  types: ResourceType[],
  stale: readonly string[],
  signal: AbortSignal,
): Promise<Listed> {
  return listEach(
    client,
    types.map((type) => ({ type, namespace: undefined })),
    stale,
    signal,
  );
}

async function listEach(
  client: KubeClient,
  lists: { type: ResourceType; namespace: string | undefined }[],
  stale: readonly string[],
  signal: AbortSignal,
): Promise<Listed> {
  const objects: KubernetesObject[] = [];
  const findings: Finding[] = [];
  const queue = [...lists];
  const worker = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      try {
        // Whole or not at all: a list that breaks off must not leave a part of it.
        for (const object of await listAll(client, next.type, { namespace: next.namespace, signal })) objects.push(object);
      } catch (error) {
        const finding = whyLeftOut(error, next.type, client.clusterName, stale);
        if (!finding) throw error;
        findings.push(finding);
      }
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  return { objects, findings };
}

/**
 * A server that is busy or restarts answers 503 too: only where discovery said that the API's own backend is gone is its list
 * left out, else the run would succeed without what it could not read for a moment.
 *
 * @returns undefined if the list must be tried again rather than be left out
 */
export function whyLeftOut(error: unknown, type: ResourceType, cluster: string, stale: readonly string[]): Finding | undefined {
  if (!(error instanceof KubeRequestError)) return undefined;
  const object = type.group ? `${type.plural}.${type.group}` : type.plural;
  const finding = { severity: 'warning', cluster, object, message: `not captured: ${error.message}` } as const;
  if (error.status === 403) return { ...finding, reason: 'ListForbidden', cure: error.cure };
  const gone = error.status === 404 || error.status === 405 || (error.status === 503 && stale.includes(apiVersionOf(type)));
  if (!gone) return undefined;
  return {
    ...finding,
    reason: 'ListFailed',
    cure: `Mend what serves ${object} on the source and run again, if these objects matter.`,
  };
}
