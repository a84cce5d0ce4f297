import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { renamed } from './renamed.ts';
import { keep, type NamespaceMap, type TransformContext, type TransformOutcome } from './transform.ts';
import { mapFields } from './walk-manifest.ts';

/** Only Namespaces carry it, so a selector that asks for it picks namespaces, wherever it stands. */
const NAME_LABEL = 'kubernetes.io/metadata.name';

type Fields = Record<string, unknown>;

/**
 * Lets what picks namespaces by name follow the new names: selectors in network policies, webhooks, gateways and pod affinity,
 * and the list of namespaces of a pod affinity term (rule 35).
 */
export function renameNamespaceSelectors(object: KubernetesObject, { namespaces }: TransformContext): TransformOutcome {
  const { metadata, ...rest } = object;
  const followed = mapFields(rest as Fields, (fields) =>
    renameTerm(renameRequirement(renameMatchLabels(fields, namespaces), namespaces), namespaces),
  );
  return keep(followed === rest ? object : ({ ...followed, metadata } as KubernetesObject));
}

function renameMatchLabels(fields: Fields, namespaces: NamespaceMap): Fields {
  const labels = fields.matchLabels as Record<string, string> | undefined;
  const name = labels?.[NAME_LABEL];
  if (typeof name !== 'string' || renamed(name, namespaces) === name) return fields;
  return { ...fields, matchLabels: { ...labels, [NAME_LABEL]: renamed(name, namespaces) } };
}

function renameRequirement(fields: Fields, namespaces: NamespaceMap): Fields {
  return fields.key === NAME_LABEL ? renameList(fields, 'values', namespaces) : fields;
}

/** A term of a pod affinity is known by its topology key. */
function renameTerm(fields: Fields, namespaces: NamespaceMap): Fields {
  return typeof fields.topologyKey === 'string' ? renameList(fields, 'namespaces', namespaces) : fields;
}

function renameList(fields: Fields, field: string, namespaces: NamespaceMap): Fields {
  const names = fields[field];
  if (!Array.isArray(names) || !names.some((name) => renamed(name, namespaces) !== name)) return fields;
  return { ...fields, [field]: names.map((name) => renamed(name, namespaces)) };
}
