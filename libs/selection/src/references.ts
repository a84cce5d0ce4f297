import { groupOf, type KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { isBuiltIn } from './built-in-groups.ts';
import { customReferences } from './custom-references.ts';
import { podReferences } from './pod-references.ts';
import { podSpecOf } from './pod-spec.ts';
import { claimSeriesKey, objectKey, type Tie } from './tie.ts';
import { watchedDefinitions } from './watched-definitions.ts';

export function isCustom(apiVersion: string): boolean {
  return !isBuiltIn(groupOf(apiVersion));
}

/**
 * What an object names and cannot do without. Scalers, disruption budgets, Services and what routes to them are told by the
 * selection: they name workloads, or are found by labels, and may well be left out.
 */
export function referencesOf(object: KubernetesObject): Tie[] {
  const { apiVersion, kind, metadata } = object;
  const namespace = metadata.namespace ?? '';
  const pod = podSpecOf(object);
  if (pod) return [...podReferences(pod, namespace), ...(kind === 'StatefulSet' ? claimSeries(object, namespace) : [])];
  if (isCustom(apiVersion)) return customReferences(object);
  switch (`${kind}.${groupOf(apiVersion)}`) {
    case 'Ingress.networking.k8s.io':
      return ingress(object, namespace);
    case 'ServiceAccount.':
      return account(object, namespace);
    case 'RoleBinding.rbac.authorization.k8s.io':
    case 'ClusterRoleBinding.rbac.authorization.k8s.io':
      return role(object, namespace);
    case 'Role.rbac.authorization.k8s.io':
    case 'ClusterRole.rbac.authorization.k8s.io':
      return watchedDefinitions(object);
    default:
      return [];
  }
}

function claimSeries({ metadata, spec }: KubernetesObject, namespace: string): Tie[] {
  const { volumeClaimTemplates = [] } = (spec ?? {}) as { volumeClaimTemplates?: { metadata?: { name?: string } }[] };
  return volumeClaimTemplates.map((template) => ({
    key: claimSeriesKey(namespace, `${template.metadata?.name}-${metadata.name}`),
    why: 'mounts it',
  }));
}

function ingress({ metadata, spec }: KubernetesObject, namespace: string): Tie[] {
  const { tls = [], ingressClassName } = (spec ?? {}) as { tls?: { secretName?: string }[]; ingressClassName?: string };
  const className = ingressClassName ?? metadata.annotations?.['kubernetes.io/ingress.class'];
  return [
    ...tls.flatMap(({ secretName }) =>
      secretName ? { key: objectKey('Secret', '', namespace, secretName), why: 'serves TLS with it' } : [],
    ),
    ...(className ? [{ key: objectKey('IngressClass', 'networking.k8s.io', '', className), why: 'is of this class' }] : []),
  ];
}

function account({ imagePullSecrets = [], secrets = [] }: KubernetesObject, namespace: string): Tie[] {
  return [...(imagePullSecrets as { name?: string }[]), ...(secrets as { name?: string }[])].flatMap(({ name }) =>
    name ? { key: objectKey('Secret', '', namespace, name), why: 'names it' } : [],
  );
}

function role({ roleRef }: KubernetesObject, namespace: string): Tie[] {
  const { kind, name } = (roleRef ?? {}) as { kind?: string; name?: string };
  if (!kind || !name) return [];
  const key = objectKey(kind, 'rbac.authorization.k8s.io', kind === 'Role' ? namespace : '', name);
  return [{ key, why: 'refers to it' }];
}
