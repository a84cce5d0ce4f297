import { groupOf, type KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { renamed } from './renamed.ts';
import { keep, type TransformContext, type TransformOutcome } from './transform.ts';

interface PolicyRule {
  apiGroups?: string[];
  resources?: string[];
  resourceNames?: string[];
}

/** Lets the rules of roles that name namespaces follow them: `resources: [namespaces], resourceNames: [shop]` (rule 33). */
export function renameRoleNames(object: KubernetesObject, { namespaces }: TransformContext): TransformOutcome {
  const isRole = object.kind === 'ClusterRole' || object.kind === 'Role';
  if (!isRole || groupOf(object.apiVersion) !== 'rbac.authorization.k8s.io' || !object.rules) return keep(object);
  const rules = (object.rules as PolicyRule[]).map((rule) => {
    const namesNamespaces = rule.resources?.some((resource) => resource.split('/')[0] === 'namespaces');
    if (!namesNamespaces || !rule.resourceNames) return rule;
    return { ...rule, resourceNames: rule.resourceNames.map((name) => renamed(name, namespaces)) };
  });
  return keep({ ...object, rules });
}
