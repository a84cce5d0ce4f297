import { setTimeout as sleep } from 'node:timers/promises';
import { RetryableError } from '@godwit/contracts/errors';
import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { type Discovery, discover } from '@godwit/kube/discovery';
import type { KubeClient } from '@godwit/kube/kube-client';
import { CUSTOM_RESOURCE_DEFINITION } from '@godwit/kube/resource-type';
import { waitForObject } from '@godwit/kube/watch';

const ESTABLISHED_TIMEOUT_MS = 60_000;
/** The API server adds an established kind to its discovery document a moment later. */
const DISCOVERED_TIMEOUT_MS = 30_000;
const DISCOVERY_PAUSE_MS = 200;

interface Definition extends KubernetesObject {
  spec: { group: string; names: { kind: string } };
  status?: { conditions?: { type: string; status: string; message?: string }[] };
}

/** What the conditions of a CustomResourceDefinition say; undefined: not yet known. */
export function definitionState(object: KubernetesObject): { served: true } | { served: false; reason: string } | undefined {
  const conditions = (object as Definition).status?.conditions ?? [];
  const find = (type: string) => conditions.find((condition) => condition.type === type);
  const refused = find('NamesAccepted');
  if (refused?.status === 'False') return { served: false, reason: refused.message ?? 'its names are taken' };
  return refused?.status === 'True' && find('Established')?.status === 'True' ? { served: true } : undefined;
}

/**
 * Waits until the API server serves what a CustomResourceDefinition defines.
 *
 * @returns why it never will, if so
 * @throws RetryableError if it is not served in time
 */
export async function waitForDefinition(client: KubeClient, name: string, signal: AbortSignal): Promise<string | undefined> {
  const test = (object?: KubernetesObject) => object && definitionState(object);
  const state = await waitForObject(client, CUSTOM_RESOURCE_DEFINITION, undefined, name, test, {
    signal,
    timeoutMs: ESTABLISHED_TIMEOUT_MS,
    what: `waiting until CustomResourceDefinition ${name} is established`,
    reason: 'DefinitionNotEstablished',
    cure: `Look at its conditions: kubectl describe customresourcedefinition ${name}.`,
  });
  return state.served ? undefined : state.reason;
}

/** Asks for the kinds of a cluster until those of the established definitions are among them. */
export async function discoverDefined(
  client: KubeClient,
  definitions: readonly KubernetesObject[],
  signal: AbortSignal,
): Promise<Discovery> {
  const end = Date.now() + DISCOVERED_TIMEOUT_MS;
  for (;;) {
    const discovery = await discover(client, signal);
    const missing = (definitions as Definition[]).filter(({ spec }) => !discovery.find(spec.group, spec.names.kind));
    if (missing.length === 0) return discovery;
    if (Date.now() > end) {
      const names = missing.map(({ metadata }) => metadata.name).join(', ');
      throw new RetryableError(
        'DefinitionsNotServed',
        `cluster "${client.clusterName}": established, but not among the kinds that it says it serves: ${names}`,
        { subject: { cluster: client.clusterName } },
      );
    }
    await sleep(DISCOVERY_PAUSE_MS, undefined, { signal });
  }
}
