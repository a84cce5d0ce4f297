import type { KubeClient } from './kube-client.ts';
import type { ResourceType } from './resource-type.ts';

const AGGREGATED = ['v2', 'v2beta1']
  .map((v) => `application/json;g=apidiscovery.k8s.io;v=${v};as=APIGroupDiscoveryList`)
  .join(',');

interface GroupDiscoveryList {
  kind: string;
  items: {
    metadata: { name?: string };
    versions: {
      version: string;
      freshness?: string;
      resources?: { resource: string; responseKind: { kind: string }; scope: string; shortNames?: string[]; verbs: string[] }[];
    }[];
  }[];
}

/** What a cluster serves. */
export interface Discovery {
  /** Every served version of every kind, the server's preferred version of a group first. */
  all: ResourceType[];
  /** One entry for each kind, in the version that the server prefers and that serves it. */
  preferred: ResourceType[];
  /** Aggregated APIs whose backend does not answer: `group/version`. */
  stale: string[];
  find(group: string, kind: string, version?: string): ResourceType | undefined;
}

/** Asks for all kinds in two requests (aggregated discovery, served since Kubernetes 1.27). */
export async function discover(client: KubeClient, signal?: AbortSignal): Promise<Discovery> {
  const lists = await Promise.all(
    ['/api', '/apis'].map((path) =>
      client.json<GroupDiscoveryList>(path, {
        accept: `${AGGREGATED},application/json`,
        signal,
        what: 'asking for its API kinds',
      }),
    ),
  );
  const all: ResourceType[] = [];
  const stale: string[] = [];
  for (const group of lists.flatMap((list) => list.items ?? [])) {
    const name = group.metadata.name ?? '';
    for (const { version, freshness, resources = [] } of group.versions) {
      if (freshness === 'Stale') stale.push(name ? `${name}/${version}` : version);
      for (const { resource, responseKind, scope, shortNames = [], verbs } of resources) {
        all.push({
          group: name,
          version,
          kind: responseKind.kind,
          plural: resource,
          namespaced: scope === 'Namespaced',
          shortNames,
          verbs,
        });
      }
    }
  }
  return toDiscovery(all, stale);
}

/** @param all with the preferred version of each group first */
export function toDiscovery(all: ResourceType[], stale: string[]): Discovery {
  const preferred = new Map<string, ResourceType>();
  for (const type of all) {
    const key = `${type.group}/${type.plural}`;
    if (!preferred.has(key)) preferred.set(key, type);
  }
  return {
    all,
    preferred: [...preferred.values()],
    stale,
    find: (group, kind, version) =>
      all.find((type) => type.group === group && type.kind === kind && (!version || type.version === version)),
  };
}
