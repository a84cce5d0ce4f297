import { groupOf, type KubernetesObject } from '@godwit/contracts/kubernetes-object';
import type { KubeClient } from '@godwit/kube/kube-client';
import { observeList } from '@godwit/kube/observe-list';
import { ENDPOINT_SLICE } from '@godwit/kube/resource-type';
import type { ApplyContext } from './apply-object.ts';

const BACKEND_TIMEOUT_MS = 120_000;

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
  const deadline = AbortSignal.timeout(BACKEND_TIMEOUT_MS);
  for (const { namespace, name } of backendsOf(object)) {
    try {
      await waitForEndpoint(client, namespace, name, AbortSignal.any([signal, deadline]));
    } catch (error) {
      signal.throwIfAborted();
      if (!deadline.aborted) throw error;
      return (
        `its backend, Service ${namespace}/${name}, has no ready endpoint after ${BACKEND_TIMEOUT_MS / 1000} s; with it in ` +
        'place, the API server would refuse requests. Apply it once the backend is ready'
      );
    }
  }
  return undefined;
}

/** A Service may have several slices, each with some of its endpoints. */
async function waitForEndpoint(client: KubeClient, namespace: string, name: string, signal: AbortSignal): Promise<void> {
  const slices = new Map<string, Slice>();
  const of = { namespace, labelSelector: `kubernetes.io/service-name=${name}` };
  for await (const change of observeList<Slice>(client, ENDPOINT_SLICE, of, signal)) {
    if ('listed' in change) {
      slices.clear();
      for (const slice of change.listed) slices.set(slice.metadata.name, slice);
    } else if ('changed' in change) slices.set(change.changed.metadata.name, change.changed);
    else slices.delete(change.deleted.metadata.name);
    if (hasReadyEndpoint([...slices.values()])) return;
  }
}
