import { setTimeout as sleep } from 'node:timers/promises';
import { groupOf, type KubernetesObject } from '@godwit/contracts/kubernetes-object';
import type { ResourceType } from '@godwit/kube/resource-type';
import type { ApplyContext } from './apply-object.ts';

const BACKEND_TIMEOUT_MS = 120_000;
const LOOK_EVERY_MS = 1_000;
const ENDPOINT_SLICE: ResourceType = {
  group: 'discovery.k8s.io',
  version: 'v1',
  kind: 'EndpointSlice',
  plural: 'endpointslices',
  namespaced: true,
  shortNames: [],
  verbs: [],
};

interface ServiceReference {
  namespace: string;
  name: string;
}

interface Slice extends KubernetesObject {
  endpoints?: { conditions?: { ready?: boolean } }[] | null;
}

/** The Services that an admission webhook or an aggregated API would send requests to as soon as it is there. */
export function backendsOf(object: KubernetesObject): ServiceReference[] {
  const group = groupOf(object.apiVersion);
  if (group === 'apiregistration.k8s.io') return servicesOf([(object.spec as { service?: ServiceReference })?.service]);
  if (group !== 'admissionregistration.k8s.io') return [];
  const webhooks = (object.webhooks ?? []) as { clientConfig?: { service?: ServiceReference } }[];
  return servicesOf(webhooks.map(({ clientConfig }) => clientConfig?.service));
}

function servicesOf(references: (ServiceReference | undefined | null)[]): ServiceReference[] {
  const byName = new Map(references.filter((found) => !!found).map((found) => [`${found.namespace}/${found.name}`, found]));
  return [...byName.values()].map(({ namespace, name }) => ({ namespace, name }));
}

export function hasReadyEndpoint(slices: readonly Slice[]): boolean {
  // An endpoint that says nothing about itself is to be taken for ready (API reference of EndpointConditions).
  return slices.some(({ endpoints }) => endpoints?.some(({ conditions }) => conditions?.ready !== false));
}

/**
 * Waits until what is behind a webhook or an aggregated API answers (rule 29): without it the API server would refuse whatever
 * comes after.
 * @returns why the object must not be applied, if a backend does not become ready
 */
export async function waitForBackends({ client, signal }: ApplyContext, object: KubernetesObject): Promise<string | undefined> {
  const end = Date.now() + BACKEND_TIMEOUT_MS;
  for (const { namespace, name } of backendsOf(object)) {
    const labelSelector = `kubernetes.io/service-name=${name}`;
    for (;;) {
      const slices = await Array.fromAsync(client.list<Slice>(ENDPOINT_SLICE, { namespace, labelSelector, signal }));
      if (hasReadyEndpoint(slices)) break;
      if (Date.now() > end) {
        return (
          `its backend, Service ${namespace}/${name}, has no ready endpoint after ${BACKEND_TIMEOUT_MS / 1000} s; with it in ` +
          'place, the API server would refuse requests. Apply it once the backend is ready'
        );
      }
      await sleep(LOOK_EVERY_MS, undefined, { signal });
    }
  }
  return undefined;
}
