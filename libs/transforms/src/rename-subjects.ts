import { groupOf, type KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { renamed, withRenamed } from './renamed.ts';
import { keep, type NamespaceMap, type TransformContext, type TransformOutcome } from './transform.ts';

interface Subject {
  kind: string;
  name: string;
  namespace?: string;
}

/** Lets the subjects of RoleBindings and ClusterRoleBindings follow their namespaces (rule 33). */
export function renameSubjects(object: KubernetesObject, { namespaces }: TransformContext): TransformOutcome {
  const isBinding = object.kind === 'RoleBinding' || object.kind === 'ClusterRoleBinding';
  if (!isBinding || groupOf(object.apiVersion) !== 'rbac.authorization.k8s.io' || !object.subjects) return keep(object);
  return keep({ ...object, subjects: (object.subjects as Subject[]).map((subject) => renameSubject(subject, namespaces)) });
}

/** Accounts may also be named as users and groups, as the API server names them to itself. */
function renameSubject(subject: Subject, namespaces: NamespaceMap): Subject {
  switch (subject.kind) {
    case 'ServiceAccount':
      return withRenamed(subject, namespaces);
    case 'User':
      return { ...subject, name: subject.name.replace(/^(system:serviceaccount:)([^:]+)(?=:)/, rename(namespaces)) };
    case 'Group':
      return { ...subject, name: subject.name.replace(/^(system:serviceaccounts:)([^:]+)$/, rename(namespaces)) };
    default:
      return subject;
  }
}

function rename(namespaces: NamespaceMap): (match: string, before: string, namespace: string) => string {
  return (_, before, namespace) => before + renamed(namespace, namespaces);
}
