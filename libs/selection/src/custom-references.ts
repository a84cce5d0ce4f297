import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { accountKey, customKey, objectKey, type Tie } from './tie.ts';

/** Enough for any resource that people write; a larger one names what it needs near its beginning. */
const MOST_VALUES = 20_000;
const DEEPEST = 40;
const WHY = 'refers to it';

/** Fields of which the name says what their text names. */
const NAMES: readonly [RegExp, (name: string, namespace: string) => string][] = [
  [/secretName$/i, (name, namespace) => objectKey('Secret', '', namespace, name)],
  [/configMapName$/i, (name, namespace) => objectKey('ConfigMap', '', namespace, name)],
  [/^serviceAccountName$/, (name, namespace) => accountKey(namespace, name)],
  [/^claimName$/, (name, namespace) => objectKey('PersistentVolumeClaim', '', namespace, name)],
  [/^priorityClassName$/, (name) => objectKey('PriorityClass', 'scheduling.k8s.io', '', name)],
  [/^runtimeClassName$/, (name) => objectKey('RuntimeClass', 'node.k8s.io', '', name)],
  [/^ingressClassName$/, (name) => objectKey('IngressClass', 'networking.k8s.io', '', name)],
  [/^gatewayClassName$/, (name) => customKey('GatewayClass', '', name)],
];

/** Fields of which the name says what the `name` inside them, or inside their entries, is of. */
const HOLDERS: readonly [RegExp, string][] = [
  [/(secret|secret(Key)?(Ref|Selector)|(imagePull|image_pull_|)secrets|certificateRefs)$/i, 'Secret'],
  [/configMap((Key)?(Ref|Selector))?s?$/i, 'ConfigMap'],
];

/**
 * What a custom resource seems to refer to, by the names that its kind's authors gave to fields (`secretName`,
 * `configMapKeyRef`, `{kind, name}`); nothing else is known of kinds that others define. What is not there is no harm.
 */
export function customReferences({ spec, metadata }: KubernetesObject): Tie[] {
  const keys = new Set<string>();
  const namespace = metadata.namespace ?? '';
  let left = MOST_VALUES;
  const visit = (value: unknown, depth: number) => {
    if (typeof value !== 'object' || value === null || depth > DEEPEST) return;
    if (Array.isArray(value)) {
      for (const entry of value) visit(entry, depth + 1);
      return;
    }
    for (const key of typedReference(value, namespace)) keys.add(key);
    for (const [field, inner] of Object.entries(value)) {
      if (--left < 0) return;
      for (const key of fieldReferences(field, inner, namespace)) keys.add(key);
      visit(inner, depth + 1);
    }
  };
  visit(spec, 0);
  return [...keys].map((key) => ({ key, why: WHY }));
}

/** `{kind, name}`, as of an issuer or a store of secrets: of the same namespace, or cluster-scoped. */
function typedReference(value: object, own: string): string[] {
  const { kind, name, namespace = own } = value as { kind?: unknown; name?: unknown; namespace?: unknown };
  if (typeof kind !== 'string' || typeof name !== 'string' || typeof namespace !== 'string') return [];
  if (kind === 'Secret' || kind === 'ConfigMap') return [objectKey(kind, '', namespace, name)];
  return [customKey(kind, namespace, name), customKey(kind, '', name)];
}

function fieldReferences(field: string, value: unknown, own: string): string[] {
  if (typeof value === 'string') return NAMES.flatMap(([pattern, key]) => (value && pattern.test(field) ? key(value, own) : []));
  const holder = HOLDERS.find(([pattern]) => pattern.test(field));
  if (!holder) return [];
  return [value].flat().flatMap((entry) => {
    const { name, namespace = own } = (entry ?? {}) as { name?: unknown; namespace?: unknown };
    return typeof name === 'string' && typeof namespace === 'string' ? objectKey(holder[1], '', namespace, name) : [];
  });
}
