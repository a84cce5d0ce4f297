import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';

interface Subject {
  kind: string;
  name: string;
  namespace?: string;
}

/** Names of the namespaces that are migrated. */
export type BoundNamespaces = ReadonlySet<string>;

export function boundNamespaces(captured: readonly KubernetesObject[]): BoundNamespaces {
  return new Set(captured.flatMap(({ kind, metadata }) => (kind === 'Namespace' ? metadata.name : (metadata.namespace ?? []))));
}

/** The first subject of a binding that is an account of one of the namespaces, or all accounts of one, as people read it. */
export function bindsInto(binding: KubernetesObject, namespaces: BoundNamespaces): string | undefined {
  const subject = ((binding.subjects ?? []) as Subject[]).find((one) => namespaces.has(accountNamespace(one) ?? ''));
  if (!subject) return undefined;
  return subject.kind === 'ServiceAccount'
    ? `ServiceAccount ${subject.namespace}/${subject.name}`
    : `${subject.kind} ${subject.name}`;
}

/** Roles and bindings that every API server keeps for itself (rule 26). */
export function isBootstrapRole({ metadata }: KubernetesObject): boolean {
  return metadata.name.startsWith('system:') || metadata.labels?.['kubernetes.io/bootstrapping'] !== undefined;
}

/** The ClusterRole that a binding refers to. */
export function roleOf(object: KubernetesObject): string | undefined {
  if (object.kind !== 'ClusterRoleBinding' && object.kind !== 'RoleBinding') return undefined;
  const { kind, name } = object.roleRef as { kind: string; name: string };
  return kind === 'ClusterRole' ? name : undefined;
}

function accountNamespace({ kind, name, namespace }: Subject): string | undefined {
  if (kind === 'ServiceAccount') return namespace;
  if (kind === 'User') return /^system:serviceaccount:([^:]+):[^:]+$/.exec(name)?.[1];
  if (kind === 'Group') return /^system:serviceaccounts:([^:]+)$/.exec(name)?.[1];
  return undefined;
}
