import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { chooseObjects, type Fate } from './choose-objects.ts';
import { type LabelSeed, matchesLabels } from './label-seed.ts';
import { factsOf } from './object-facts.ts';

export type CaptureDecision = Fate;

export interface CaptureContext {
  fates: ReadonlyMap<KubernetesObject, Fate>;
}

/** Decides about objects that were listed whole, by labels alone; see `chooseObjects`. */
export function captureContext(listed: readonly KubernetesObject[], labels: LabelSeed): CaptureContext {
  const criteria = {
    namespaces: new Set(listed.map(({ metadata }) => metadata.namespace ?? metadata.name)),
    isPartial: labels.length > 0,
    includeDependencies: true,
    clusterScoped: 'All',
    selectsType: () => true,
    looksAtType: () => true,
    namesType: () => false,
    selectsLabels: (own: Record<string, string> | undefined) => matchesLabels(labels, own),
  } as const;
  const facts = listed.map((object) => factsOf(object, true, criteria));
  const fates = chooseObjects(facts, criteria);
  return { fates: new Map(listed.map((object, index) => [object, fates.get(facts[index]!)!])) };
}

/** @param object one of the listed */
export function captureDecision(object: KubernetesObject, { fates }: CaptureContext): CaptureDecision {
  return fates.get(object)!;
}
