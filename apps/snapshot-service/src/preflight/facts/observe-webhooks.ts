import { describeObject, type KubernetesObject } from '@godwit/contracts/kubernetes-object';
import type { KubeClient } from '@godwit/kube/kube-client';
import type { WebhookFacts } from './facts.ts';
import { listReduced } from './list-reduced.ts';
import { ENDPOINT_SLICE, WEBHOOK_CONFIGURATIONS } from './types.ts';

interface Webhook {
  name: string;
  failurePolicy?: string;
  clientConfig: { service?: { namespace: string; name: string } };
  rules?: { apiGroups?: string[]; resources?: string[]; operations?: string[] }[];
  namespaceSelector?: object;
  objectSelector?: object;
}

/** Admission webhooks whose failure refuses the object, and whether somebody answers for them. */
export async function observeWebhooks(client: KubeClient, signal: AbortSignal): Promise<WebhookFacts[]> {
  const lists = await Promise.all(WEBHOOK_CONFIGURATIONS.map((type) => listReduced(client, type, undefined, failing, signal)));
  const webhooks = lists.flatMap((list) => list ?? []).flat();
  const namespaces = [...new Set(webhooks.flatMap(({ service }) => service?.namespace ?? []))];
  const ready = await readyServices(client, namespaces, signal);
  return webhooks.map((webhook) =>
    webhook.service && ready
      ? { ...webhook, isReady: ready.has(`${webhook.service.namespace}/${webhook.service.name}`) }
      : webhook,
  );
}

function failing(object: KubernetesObject): WebhookFacts[] {
  return ((object.webhooks ?? []) as Webhook[])
    .filter(({ failurePolicy = 'Fail' }) => failurePolicy === 'Fail')
    .map(({ name, clientConfig: { service }, rules = [], namespaceSelector = {}, objectSelector = {} }) => ({
      object: describeObject(object),
      webhook: name,
      ...(service && { service: { namespace: service.namespace, name: service.name } }),
      rules: rules.map(({ apiGroups = [], resources = [], operations = [] }) => ({ apiGroups, resources, operations })),
      selective: Object.keys(namespaceSelector).length + Object.keys(objectSelector).length > 0,
    }));
}

async function readyServices(
  client: KubeClient,
  namespaces: readonly string[],
  signal: AbortSignal,
): Promise<Set<string> | undefined> {
  if (namespaces.length === 0) return new Set();
  const names = await listReduced(
    client,
    ENDPOINT_SLICE,
    namespaces,
    ({ metadata, endpoints }) => {
      const addresses = (endpoints ?? []) as { conditions?: { ready?: boolean } }[];
      const service = metadata.labels?.['kubernetes.io/service-name'];
      return service && addresses.some(({ conditions }) => conditions?.ready !== false)
        ? `${metadata.namespace}/${service}`
        : undefined;
    },
    signal,
  );
  return names && new Set(names);
}
