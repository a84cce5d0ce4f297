import type { Discovery } from '@godwit/kube/discovery';
import { apiVersionOf, type ResourceType } from '@godwit/kube/resource-type';

/**
 * In which version each kind of the source is read (rule 31): the one that the source prefers if the destination serves it,
 * else the first other one that both serve (the source's API server converts). A kind that the destination does not serve
 * is read as it is; whether it will be there by then (a CRD that goes along) shows when it is applied.
 */
export function commonTypes(source: Discovery, destination: Discovery): ResourceType[] {
  const served = new Set(destination.all.map(key));
  return source.preferred.map((preferred) => {
    if (served.has(key(preferred))) return preferred;
    const versions = source.all.filter((type) => type.group === preferred.group && type.plural === preferred.plural);
    return versions.find((type) => served.has(key(type))) ?? preferred;
  });
}

function key(type: ResourceType): string {
  return `${apiVersionOf(type)}/${type.kind}`;
}
