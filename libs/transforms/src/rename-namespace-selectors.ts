import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { hasRenames, renamed } from './renamed.ts';
import { keep, type NamespaceMap, type TransformContext, type TransformOutcome } from './transform.ts';
import { type Fields, mapFields } from './walk-manifest.ts';

/** Labels that hold a namespace's name, so a selector that asks for one picks namespaces, wherever it stands; the others are Cilium's. */
const NAME_LABELS = [
  'kubernetes.io/metadata.name',
  'io.kubernetes.pod.namespace',
  'k8s:io.kubernetes.pod.namespace',
  'k8s:io.cilium.k8s.namespace.labels.kubernetes.io/metadata.name',
];

/**
 * Lets what picks namespaces by name follow the new names: selectors in network policies, webhooks, gateways and pod affinity,
 * and the list of namespaces of a pod affinity term (rule 35).
 */
export function renameNamespaceSelectors(object: KubernetesObject, { namespaces }: TransformContext): TransformOutcome {
  if (!hasRenames(namespaces)) return keep(object);
  const { metadata, data, ...rest } = object;
  const followed = mapFields(rest as Fields, (fields) =>
    RENAMES.reduce((current, rename) => rename(current, namespaces), fields),
  );
  return keep(followed === rest ? object : ({ ...object, ...followed } as KubernetesObject));
}

function renameMatchLabels(fields: Fields, namespaces: NamespaceMap): Fields {
  const { matchLabels } = fields;
  if (typeof matchLabels !== 'object' || matchLabels === null) return fields;
  const renames = NAME_LABELS.flatMap((label) => {
    const name = (matchLabels as Fields)[label];
    return typeof name === 'string' && renamed(name, namespaces) !== name ? [[label, renamed(name, namespaces)]] : [];
  });
  return renames.length > 0 ? { ...fields, matchLabels: { ...matchLabels, ...Object.fromEntries(renames) } } : fields;
}

function renameRequirement(fields: Fields, namespaces: NamespaceMap): Fields {
  return NAME_LABELS.includes(fields.key as string) ? renameList(fields, 'values', namespaces) : fields;
}

/** How the Prometheus operator picks namespaces. */
function renameMatchNames(fields: Fields, namespaces: NamespaceMap): Fields {
  const selector = fields.namespaceSelector as Fields | undefined;
  if (!Array.isArray(selector?.matchNames)) return fields;
  return { ...fields, namespaceSelector: renameList(selector, 'matchNames', namespaces) };
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

const RENAMES = [renameMatchLabels, renameRequirement, renameMatchNames, renameTerm];
