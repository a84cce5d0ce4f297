import type { Finding } from '@godwit/contracts/findings';
import type { Facts, WebhookFacts } from '../facts/facts.ts';
import { WORKLOAD_TYPES } from '../facts/types.ts';
import type { Check } from './check.ts';

/** What a run creates whatever is selected: `plural.group`. */
const ALWAYS = ['namespaces.', 'pods.', 'configmaps.', 'secrets.', 'serviceaccounts.'];

/** Admission webhooks of the destination that nobody answers for and that refuse what lands. */
export const checkAdmissionWebhooks: Check = (facts) => {
  const landing = landingTypes(facts);
  return facts.destination.webhooks
    .filter((webhook) => webhook.isReady === false && matches(webhook, landing))
    .map(
      ({ object, webhook, service, selective }): Finding => ({
        severity: 'warning',
        reason: 'WebhookNotReady',
        cluster: facts.destination.name,
        object,
        message: `Service ${service?.namespace}/${service?.name} has no endpoint that is ready, and while ${webhook} does not answer the API server refuses ${selective ? 'what it is asked about, which may be what lands' : 'what lands'}`,
        cure: `Mend the pods behind ${service?.namespace}/${service?.name}, or delete the configuration if its application is gone.`,
      }),
    );
};

function landingTypes({ source, volumes }: Facts): Set<string> {
  const kinds = new Set(source.workloads.map(({ kind }) => kind));
  return new Set([
    ...ALWAYS,
    ...WORKLOAD_TYPES.filter(({ kind }) => kinds.has(kind)).map(({ plural, group }) => `${plural}.${group}`),
    ...source.present.map(({ type }) => `${type.plural}.${type.group}`),
    ...(source.services.length > 0 ? ['services.'] : []),
    ...(source.ingresses.length > 0 ? ['ingresses.networking.k8s.io'] : []),
    ...(volumes.some(({ skipReason }) => !skipReason) ? ['persistentvolumeclaims.', 'persistentvolumes.'] : []),
  ]);
}

function matches({ rules }: WebhookFacts, landing: ReadonlySet<string>): boolean {
  const holds = (of: readonly string[], name: string) => of.includes('*') || of.includes('*/*') || of.includes(name);
  return rules
    .filter(({ operations }) => holds(operations, 'CREATE'))
    .some(({ apiGroups, resources }) =>
      [...landing].some((type) => {
        const dot = type.indexOf('.');
        return holds(apiGroups, type.slice(dot + 1)) && holds(resources, type.slice(0, dot));
      }),
    );
}
