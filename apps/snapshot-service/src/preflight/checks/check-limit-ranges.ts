import type { Finding } from '@godwit/contracts/findings';
import type { Facts, LimitRangeFacts } from '../facts/facts.ts';
import { landingWorkloads } from '../facts/landing-usage.ts';
import { allContainers, requestsOf } from '../facts/pod-spec.ts';
import { amountOf, formatAmount } from '../quantity.ts';
import { type Check, targetOf } from './check.ts';

type Limit = LimitRangeFacts['limits'][number];
type Amounts = Readonly<Record<string, number>>;

/** Whether pods and claims keep within the limit ranges of the namespaces that they land in. */
export const checkLimitRanges: Check = (facts) =>
  facts.destination.limitRanges.flatMap((range) => range.limits.flatMap((limit) => broken(facts, range, limit)));

function broken(facts: Facts, range: LimitRangeFacts, limit: Limit): Finding[] {
  const tell = (object: string, problem: string): Finding => ({
    severity: 'error',
    reason: 'LimitRangeViolated',
    cluster: facts.destination.name,
    object,
    message: `${problem}, as ${range.object} demands of each ${limit.type}`,
    cure: 'Change the limit range, or what the object asks for (by a resource modifier).',
  });
  if (limit.type === 'PersistentVolumeClaim') {
    return facts.volumes
      .filter((volume) => volume.targetNamespace === range.namespace && !volume.skipReason)
      .flatMap(({ namespace, name, requestedBytes }) => {
        const amounts = { storage: requestedBytes };
        return problems(limit, amounts, amounts).map((problem) => tell(`PersistentVolumeClaim ${namespace}/${name}`, problem));
      });
  }
  if (limit.type !== 'Container' && limit.type !== 'Pod') return [];
  return landingWorkloads(facts)
    .filter(({ namespace }) => targetOf(facts, namespace) === range.namespace)
    .flatMap(({ object, spec }) => {
      const found =
        limit.type === 'Pod'
          ? problems(limit, requestsOf(spec), requestsOf(spec, 'limits'))
          : allContainers(spec).flatMap(({ resources }) => {
              const limits = { ...limit.default, ...resources?.limits };
              const requests = { ...limit.defaultRequest, ...resources?.limits, ...resources?.requests };
              return problems(limit, amountsOf(requests), amountsOf(limits));
            });
      return [...new Set(found)].map((problem) => tell(object, problem));
    });
}

/** What is not said breaks no minimum here: the API fills in defaults of its own. */
function problems({ max = {}, min = {} }: Limit, requests: Amounts, limits: Amounts): string[] {
  const above = Object.entries(amountsOf(max)).flatMap(([resource, most]) => {
    const asked = Math.max(limits[resource] ?? 0, requests[resource] ?? 0);
    return asked > most
      ? `its ${resource} of ${formatAmount(resource, asked)} is not at most ${formatAmount(resource, most)}`
      : [];
  });
  const below = Object.entries(amountsOf(min)).flatMap(([resource, least]) => {
    const asked = requests[resource] ?? limits[resource];
    return asked !== undefined && asked < least
      ? `its ${resource} of ${formatAmount(resource, asked)} is not at least ${formatAmount(resource, least)}`
      : [];
  });
  return [...above, ...below];
}

function amountsOf(quantities: Readonly<Record<string, string>>): Record<string, number> {
  return Object.fromEntries(Object.entries(quantities).map(([name, quantity]) => [name, amountOf(quantity)]));
}
