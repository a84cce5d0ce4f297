import { groupOf, type KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { matchesSelector } from './label-selector.ts';
import { type BoundNamespaces, bindsInto, boundNamespaces, isBootstrapRole, roleOf } from './role-bindings.ts';

export interface ClusterScopedChoice {
  object: KubernetesObject;
  /** A sentence for people. */
  includedBecause: string;
}

/**
 * The cluster-scoped objects that go along with what was captured from namespaces (rule 32): definitions of its custom
 * resources, bindings of its accounts, their roles, and webhooks and API services that it serves.
 *
 * The same holds for the full cluster: what no namespace needs belongs to the cluster. Classes and volumes do not go along;
 * see `classesInUse`.
 * @param captured what goes along, Namespaces included
 * @param clusterScoped the candidates
 */
export function selectClusterScoped(
  captured: readonly KubernetesObject[],
  clusterScoped: readonly KubernetesObject[],
): ClusterScopedChoice[] {
  const namespaces = boundNamespaces(captured);
  const bindings = chosen(clusterScoped, (object) => binding(object, namespaces));
  return [
    ...chosen(clusterScoped, customResources(captured)),
    ...roles([...captured, ...bindings.map(({ object }) => object)], clusterScoped),
    ...bindings,
    ...chosen(clusterScoped, servedBy(captured)),
  ];
}

function chosen(
  objects: readonly KubernetesObject[],
  why: (object: KubernetesObject) => string | undefined,
): ClusterScopedChoice[] {
  return objects.flatMap((object) => {
    const includedBecause = object.metadata.deletionTimestamp ? undefined : why(object);
    return includedBecause ? [{ object, includedBecause }] : [];
  });
}

function customResources(captured: readonly KubernetesObject[]): (object: KubernetesObject) => string | undefined {
  const kinds = new Set(captured.map(({ apiVersion, kind }) => `${kind}.${groupOf(apiVersion)}`));
  return (object) => {
    if (object.kind !== 'CustomResourceDefinition') return undefined;
    const { group, names } = object.spec as { group: string; names: { kind: string } };
    return kinds.has(`${names.kind}.${group}`) ? `It defines ${names.kind}, of which objects are migrated.` : undefined;
  };
}

function binding(object: KubernetesObject, namespaces: BoundNamespaces): string | undefined {
  if (object.kind !== 'ClusterRoleBinding' || isBootstrapRole(object)) return undefined;
  const subject = bindsInto(object, namespaces);
  return subject && `It binds ${subject}, which is migrated.`;
}

/** Roles that a migrated binding refers to, and those that such a role gathers by labels. */
function roles(bound: readonly KubernetesObject[], clusterScoped: readonly KubernetesObject[]): ClusterScopedChoice[] {
  const available = clusterScoped.filter((object) => object.kind === 'ClusterRole' && !isBootstrapRole(object));
  const reasons = new Map<KubernetesObject, string>();
  for (const object of bound) {
    const name = roleOf(object);
    const role = name === undefined ? undefined : available.find(({ metadata }) => metadata.name === name);
    if (role && !reasons.has(role)) reasons.set(role, `${object.kind} ${object.metadata.name} refers to it.`);
  }
  // A Map's iteration also visits what is added meanwhile, so chains of aggregation are followed to their end.
  for (const [role] of reasons) {
    const { clusterRoleSelectors = [] } = (role.aggregationRule ?? {}) as { clusterRoleSelectors?: object[] };
    for (const part of available) {
      if (reasons.has(part) || !clusterRoleSelectors.some((selector) => matchesSelector(selector, part.metadata.labels)))
        continue;
      reasons.set(part, `ClusterRole ${role.metadata.name} gathers its rules.`);
    }
  }
  return chosen(available, (role) => reasons.get(role));
}

/** Webhook configurations and API services whose backend is a captured Service. */
function servedBy(captured: readonly KubernetesObject[]): (object: KubernetesObject) => string | undefined {
  const services = new Set(
    captured
      .filter(({ kind, apiVersion }) => kind === 'Service' && apiVersion === 'v1')
      .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`),
  );
  return (object) => {
    const backend = backends(object).find(({ namespace, name }) => services.has(`${namespace}/${name}`));
    return backend && `Service ${backend.namespace}/${backend.name}, which is migrated, answers for it.`;
  };
}

interface ServiceReference {
  namespace: string;
  name: string;
}

function backends(object: KubernetesObject): ServiceReference[] {
  if (object.kind === 'APIService') {
    const { service } = object.spec as { service?: ServiceReference };
    return service ? [service] : [];
  }
  if (groupOf(object.apiVersion) !== 'admissionregistration.k8s.io') return [];
  const webhooks = (object.webhooks ?? []) as { clientConfig: { service?: ServiceReference } }[];
  return webhooks.flatMap(({ clientConfig }) => clientConfig.service ?? []);
}
