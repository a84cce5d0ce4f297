import type { Finding } from '@godwit/contracts/findings';
import type { ResourceType } from '@godwit/kube/resource-type';
import { definitionOf, definitionsGoAlong } from '../facts/definitions.ts';
import type { Controller, Facts } from '../facts/facts.ts';
import { type Check, someOf } from './check.ts';

/** Custom resources that nobody would act on: their controller is neither on the destination nor among what goes along. */
export const checkOperators: Check = (facts) =>
  facts.source.present.flatMap(({ type, example }) => (definitionOf(facts.source, type) ? unserved(facts, type, example) : []));

function unserved(facts: Facts, type: ResourceType, example: string): Finding[] {
  const { source, destination } = facts;
  const atSource = accountsFor(source.controllers, type);
  if (atSource.some((account) => source.namespaces.has(account.split('/')[0] ?? ''))) return [];
  if (accountsFor(destination.controllers, type).length > 0) return [];
  const finding = { reason: 'OperatorNotSeen', cluster: destination.name, object: example } as const;
  const name = `${type.kind}.${type.group}`;
  if (atSource.length > 0) {
    const namespaces = [...new Set(atSource.map((account) => account.split('/')[0]))];
    return [
      {
        ...finding,
        severity: 'warning',
        message: `no controller of ${name} was seen on the destination; on the source it is ServiceAccount ${someOf(atSource)}`,
        cure: `Install the operator on the destination, or select namespace ${namespaces.join(', ')} too.`,
      },
    ];
  }
  // Some kinds have no controller at all, so that none is seen on either side tells little.
  if (definitionOf(destination, type) || !definitionsGoAlong(facts)) return [];
  return [
    {
      ...finding,
      severity: 'note',
      message: `${name} is defined by what goes along; whether something acts on it could not be seen on either cluster`,
      cure: 'If an operator does, see that it runs on the destination.',
    },
  ];
}

function accountsFor(controllers: readonly Controller[], { group, plural }: ResourceType): string[] {
  const names = [`${plural}.${group}`, `*.${group}`];
  return [
    ...new Set(controllers.filter(({ writes }) => writes.some((name) => names.includes(name))).map(({ account }) => account)),
  ];
}
