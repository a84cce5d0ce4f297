import type { Finding } from '@godwit/contracts/findings';
import { apiVersionOf, type ResourceType } from '@godwit/kube/resource-type';
import { definitionOf, definitionsGoAlong } from '../facts/definitions.ts';
import type { Facts } from '../facts/facts.ts';
import type { Check } from './check.ts';

/** Kinds of selected objects that the destination cannot take (rule 31). */
export const checkKinds: Check = (facts) => facts.source.present.flatMap(({ type, example }) => unserved(facts, type, example));

function unserved(facts: Facts, type: ResourceType, example: string): Finding[] {
  const { source, destination } = facts;
  const served = destination.discovery.all.filter(({ group, plural }) => group === type.group && plural === type.plural);
  const name = type.group ? `${type.plural}.${type.group}` : type.plural;
  const finding = { severity: 'error', cluster: destination.name, object: example } as const;
  if (served.length === 0) {
    if (definitionOf(source, type) && definitionsGoAlong(facts)) return [];
    return [
      {
        ...finding,
        reason: 'KindNotServed',
        message: `cluster "${destination.name}" does not serve ${name}, and nothing that goes along defines it`,
        cure: `Install what defines ${type.kind} on the destination, select its CustomResourceDefinition too, or exclude ${name}.`,
      },
    ];
  }
  const readable = source.discovery.all.filter(({ group, plural }) => group === type.group && plural === type.plural);
  if (served.some(({ version }) => readable.some((candidate) => candidate.version === version))) return [];
  return [
    {
      ...finding,
      reason: 'VersionNotServed',
      message: `the source serves ${name} as ${versions(readable)}, the destination as ${versions(served)}: there is no version in which both speak of it`,
      cure: `Upgrade ${definitionOf(source, type) ? 'the operator' : 'the older cluster'}, or exclude ${name}.`,
    },
  ];
}

function versions(types: readonly ResourceType[]): string {
  return types.map(apiVersionOf).join(', ');
}
