import type { Finding } from '@godwit/contracts/findings';
import { asServed } from '../facts/definitions.ts';
import type { ClassKind, Facts } from '../facts/facts.ts';
import { INGRESS_CLASS, PRIORITY_CLASS, RUNTIME_CLASS } from '../facts/types.ts';
import { type Check, someOf } from './check.ts';

const TYPES = { PriorityClass: PRIORITY_CLASS, IngressClass: INGRESS_CLASS, RuntimeClass: RUNTIME_CLASS };

/** What comes along with a class is its object; these need something on the destination besides. */
const NEEDS: Partial<Record<ClassKind, string>> = {
  IngressClass: 'an ingress controller that serves it',
  RuntimeClass: 'its handler on the nodes',
};

interface Use {
  kind: ClassKind;
  name: string;
  users: string[];
}

/** Classes that what lands names (rule 32), and those that new claims of StatefulSets name. */
export const checkClasses: Check = (facts) => [
  ...usesOf(facts).flatMap((use) => missing(facts, use)),
  ...facts.source.workloads.flatMap((workload) =>
    workload.claimTemplates.flatMap(({ storageClassName }) => templateClass(facts, workload.object, storageClassName)),
  ),
];

function usesOf({ source }: Facts): Use[] {
  const uses = new Map<string, Use>();
  const add = (kind: ClassKind, name: string | undefined, user: string) => {
    // Those of every cluster (`system-node-critical`) are there.
    if (!name || name.startsWith('system-')) return;
    const use = uses.get(`${kind} ${name}`) ?? { kind, name, users: [] };
    use.users.push(user);
    uses.set(`${kind} ${name}`, use);
  };
  for (const { object, spec } of source.workloads) {
    add('PriorityClass', spec.priorityClassName, object);
    add('RuntimeClass', spec.runtimeClassName, object);
  }
  for (const { object, className } of source.ingresses) add('IngressClass', className, object);
  return [...uses.values()];
}

function missing(facts: Facts, { kind, name, users }: Use): Finding[] {
  const { source, destination, criteria } = facts;
  if (destination.classes[kind].has(name)) return [];
  const finding = { cluster: destination.name, object: users[0] } as const;
  const used = users.length > 1 ? ` (used by ${someOf(users)})` : '';
  const comes = source.classes[kind].has(name) && criteria.looksAtType(asServed(source, TYPES[kind]));
  if (!comes) {
    const isBroken = !source.classes[kind].has(name);
    return [
      {
        ...finding,
        // An Ingress may name by its annotation what is no object, and a reference that leads nowhere is no news.
        severity: isBroken || kind === 'IngressClass' ? 'warning' : 'error',
        reason: `${kind}Missing`,
        message: `${kind} "${name}"${used} ${isBroken ? 'is on neither cluster' : 'is not on the destination and does not go along'}`,
        cure: `Create ${kind} "${name}" on the destination, or change who names it.`,
      },
    ];
  }
  const needs = NEEDS[kind];
  if (!needs) return [];
  return [
    {
      ...finding,
      severity: 'warning',
      reason: `${kind}New`,
      message: `${kind} "${name}"${used} goes along, and needs ${needs} on the destination`,
      cure: `See that cluster "${destination.name}" has ${needs}.`,
    },
  ];
}

function templateClass({ destination }: Facts, object: string, name: string | undefined): Finding[] {
  if (!name || destination.storageClasses.some((known) => known.name === name)) return [];
  return [
    {
      severity: 'warning',
      reason: 'StorageClassMissing',
      cluster: destination.name,
      object,
      message: `its claim template names StorageClass "${name}", which the destination does not have: what is moved is there, and new replicas would wait`,
      cure: `Map class "${name}" to one that the destination has.`,
    },
  ];
}
