import type { Finding } from '@godwit/contracts/findings';
import type { Facts, ServiceFacts } from '../facts/facts.ts';
import { type Check, targetOf } from './check.ts';

/** What an API server is started with unless told otherwise; no API tells its range. */
const DEFAULT_RANGE = { first: 30_000, last: 32_767 };

/**
 * Node ports that Services take along and that another Service of the destination has (rule 9), or that are out of range.
 *
 * API servers give out numbers, whatever the protocol: only ports of one Service may share a number.
 * https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/registry/core/service/storage/alloc.go
 */
export const checkNodePorts: Check = (facts) => {
  const owners = new Map(
    facts.destination.services.flatMap(({ object, nodePorts }) => nodePorts.map((port) => [numberOf(port), object])),
  );
  const theirsIsOther = [...owners.keys()].some((number) => !isInRange(number));
  return facts.source.services.flatMap((service) => {
    const target = `Service ${targetOf(facts, service.namespace)}/${service.name}`;
    return [...taken(facts, service, target, owners), ...(theirsIsOther ? [] : outOfRange(facts, service))];
  });
};

function taken(facts: Facts, service: ServiceFacts, target: string, owners: ReadonlyMap<number, string>): Finding[] {
  const { destination, definition } = facts;
  return service.nodePorts
    .map((port) => ({ port, owner: owners.get(numberOf(port)) }))
    .filter(({ owner }) => owner !== undefined && owner !== target)
    .map(({ port, owner }) => ({
      severity: 'error',
      reason: 'NodePortTaken',
      cluster: destination.name,
      object: service.object,
      message: `its node port ${port} belongs to ${owner} on cluster "${destination.name}"`,
      cure: definition.transforms.preserveNodePorts
        ? 'Free the port, or do not preserve automatically assigned node ports.'
        : 'Free the port there, or give the Service another by a resource modifier.',
    }));
}

function outOfRange({ destination }: Facts, { object, nodePorts }: ServiceFacts): Finding[] {
  return nodePorts
    .filter((port) => !isInRange(numberOf(port)))
    .map((port) => ({
      severity: 'warning',
      reason: 'NodePortOutOfRange',
      cluster: destination.name,
      object,
      message: `its node port ${port} is outside of ${DEFAULT_RANGE.first}-${DEFAULT_RANGE.last}, the usual range of an API server`,
      cure: 'See that the destination’s service-node-port-range has it, or give the Service another port.',
    }));
}

/** @param port with its protocol, `30080/TCP` */
function numberOf(port: string): number {
  return Number.parseInt(port, 10);
}

function isInRange(number: number): boolean {
  return number >= DEFAULT_RANGE.first && number <= DEFAULT_RANGE.last;
}
