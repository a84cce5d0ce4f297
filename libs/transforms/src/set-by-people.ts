import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * Whether a field of an object's spec was asked for, as against filled in by the API server, which owns no field. What kubectl
 * noted decides alone if it is there and can be read; else the field managers do.
 * @param source with `managedFields`
 */
export function isSetByPeople(source: KubernetesObject, field: string): boolean {
  const applied = lastApplied(source);
  if (applied) return applied.spec !== undefined && Object.hasOwn(applied.spec, field);
  const entries = (source.metadata.managedFields ?? []) as { fieldsV1?: { 'f:spec'?: object } }[];
  return entries.some(({ fieldsV1 }) => Object.hasOwn(fieldsV1?.['f:spec'] ?? {}, `f:${field}`));
}

function lastApplied(source: KubernetesObject): { spec?: object } | undefined {
  try {
    const applied: unknown = JSON.parse(source.metadata.annotations?.[LAST_APPLIED] ?? 'null');
    return typeof applied === 'object' && applied !== null ? (applied as { spec?: object }) : undefined;
  } catch {
    return undefined;
  }
}
