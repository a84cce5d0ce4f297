import type { Finding } from '@godwit/contracts/findings';
import { definitionOf } from '../facts/definitions.ts';
import type { Definition, Facts } from '../facts/facts.ts';
import { type Check, targetOf } from './check.ts';

/** Definitions of selected custom resources that are on the destination too, and do not mean the same. */
export const checkDefinitions: Check = (facts) =>
  facts.source.present.flatMap(({ type }) => {
    const ours = definitionOf(facts.source, type);
    if (!ours) return [];
    const theirs = definitionOf(facts.destination, type);
    return theirs ? differences(facts, ours, theirs) : conversion(facts, ours);
  });

function differences({ destination }: Facts, ours: Definition, theirs: Definition): Finding[] {
  const finding = {
    severity: 'error',
    reason: 'DefinitionDiffers',
    cluster: destination.name,
    object: `CustomResourceDefinition ${ours.name}`,
    cure: `Bring the operators to the same version, or exclude ${ours.name}.`,
  } as const;
  if (ours.scope !== theirs.scope) {
    return [{ ...finding, message: `its scope is ${ours.scope} on the source and ${theirs.scope} on the destination` }];
  }
  if (ours.kind !== theirs.kind) {
    return [{ ...finding, message: `its kind is ${ours.kind} on the source and ${theirs.kind} on the destination` }];
  }
  return [];
}

/** A definition that lands with a conversion webhook serves nothing but its stored version until somebody answers there. */
function conversion(facts: Facts, { name, conversionService: service }: Definition): Finding[] {
  const { source, destination } = facts;
  if (!service || source.services.some((known) => known.namespace === service.namespace && known.name === service.name))
    return [];
  const target = targetOf(facts, service.namespace);
  if (destination.services.some((known) => known.namespace === target && known.name === service.name)) return [];
  return [
    {
      severity: 'warning',
      reason: 'ConversionServiceMissing',
      cluster: destination.name,
      object: `CustomResourceDefinition ${name}`,
      message: `its versions are converted by Service ${service.namespace}/${service.name}, which neither goes along nor is on the destination`,
      cure: `Select namespace ${service.namespace} too, or install the operator on the destination.`,
    },
  ];
}
