import { CUSTOM_RESOURCE_DEFINITION, type ResourceType } from '@godwit/kube/resource-type';
import type { ClusterFacts, Definition, Facts } from './facts.ts';

/** What defines a type; undefined for those of Kubernetes itself and of aggregated APIs. */
export function definitionOf(
  { definitions }: ClusterFacts,
  type: Pick<ResourceType, 'group' | 'plural'>,
): Definition | undefined {
  return definitions.find(({ group, plural }) => group === type.group && plural === type.plural);
}

/** Whether the definitions of selected custom resources go along (rule 32). */
export function definitionsGoAlong({ criteria, source }: Pick<Facts, 'criteria' | 'source'>): boolean {
  const { plural } = CUSTOM_RESOURCE_DEFINITION;
  return (
    criteria.looksAtType(asServed(source, CUSTOM_RESOURCE_DEFINITION)) &&
    !source.unlistable.some(({ type }) => type.plural === plural)
  );
}

/** A type with the short names under which a selection may speak of it. */
export function asServed({ discovery }: Pick<ClusterFacts, 'discovery'>, type: ResourceType): ResourceType {
  return discovery.find(type.group, type.kind, type.version) ?? type;
}
