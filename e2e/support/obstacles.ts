import { parse, stringify } from 'yaml';
import type { TestCluster } from './cluster.ts';
import { deployment, namespace, service } from './manifests.ts';

/** An application that the destination of {@link obstacles} cannot take, for one reason for each of its parts. */
export function application(ns: string, nodePort: number) {
  return [
    namespace(ns),
    service(ns, 'web', { type: 'NodePort', ports: [{ port: 80, nodePort }] }),
    // Only the source's node has that name.
    deployment(ns, 'pinned', [], { nodeSelector: { 'kubernetes.io/hostname': 'source' } }),
    deployment(ns, 'plain'),
    widgets(),
  ];
}

/** To be applied when its definition is established. */
export function widget(ns: string) {
  return { apiVersion: 'preflight.example.com/v1', kind: 'Widget', metadata: { namespace: ns, name: 'blue' }, spec: {} };
}

export const WIDGETS = 'widgets.preflight.example.com';

function widgets() {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: WIDGETS },
    spec: {
      group: 'preflight.example.com',
      names: { kind: 'Widget', plural: 'widgets', singular: 'widget' },
      scope: 'Namespaced',
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
        },
      ],
    },
  };
}

/** What stands in the way of the application on the destination. */
export function obstacles(ns: string, otherNamespace: string, nodePort: number) {
  return [
    namespace(ns, { 'pod-security.kubernetes.io/enforce': 'restricted' }),
    namespace(otherNamespace),
    service(otherNamespace, 'gate', { type: 'NodePort', ports: [{ port: 80, nodePort }] }),
    { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { namespace: ns, name: 'small' }, spec: { hard: { pods: '1' } } },
  ];
}

/** A namespace that ends only when `release` is called, as one does whose finalizer's controller is gone. */
export async function endlessNamespace(cluster: TestCluster, name: string): Promise<{ release(): Promise<void> }> {
  const held = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { namespace: name, name: 'held', finalizers: ['example.com/hold'] },
  };
  await cluster.apply(namespace(name), held);
  await cluster.kubectl('delete', 'namespace', name, '--wait=false');
  await cluster.kubectl(
    'wait',
    `namespace/${name}`,
    '--for=jsonpath={.status.conditions[?(@.type=="NamespaceFinalizersRemaining")].status}=True',
    '--timeout=60s',
  );
  return {
    async release() {
      await cluster.kubectl('patch', 'configmap', 'held', '-n', name, '--type=merge', '-p', '{"metadata":{"finalizers":null}}');
      await cluster.deleteNamespaces(name);
    },
  };
}

interface Rule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
}

/** A user of the cluster who may do just that. @returns its kubeconfig */
export async function restrictedUser(cluster: TestCluster, ns: string, rules: Rule[]): Promise<string> {
  const subject = { kind: 'ServiceAccount', namespace: ns, name: 'limited' };
  await cluster.apply(
    namespace(ns),
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { namespace: ns, name: 'limited' } },
    { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: ns }, rules },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: ns },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: ns },
      subjects: [subject],
    },
  );
  const token = (await cluster.kubectl('create', 'token', 'limited', '-n', ns)).trim();
  const kubeconfig = parse(cluster.kubeconfig) as { users: { name: string; user: object }[] };
  return stringify({ ...kubeconfig, users: kubeconfig.users.map(({ name }) => ({ name, user: { token } })) });
}

/** Takes the user of {@link restrictedUser} away. */
export async function removeUser(cluster: TestCluster, ns: string): Promise<void> {
  await cluster.kubectl('delete', 'clusterrole,clusterrolebinding', ns, '--ignore-not-found');
  await cluster.deleteNamespaces(ns);
}

/** A policy of the cluster that refuses one ConfigMap. */
export function refusal(name: string, ns: string, configMap: string) {
  const apiVersion = 'admissionregistration.k8s.io/v1';
  const isOther = `object.metadata.namespace != '${ns}' || object.metadata.name != '${configMap}'`;
  const rule = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'] };
  return [
    {
      apiVersion,
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name },
      spec: {
        matchConstraints: { resourceRules: [rule] },
        validations: [{ expression: isOther, message: 'it is refused on purpose' }],
      },
    },
    {
      apiVersion,
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name },
      spec: { policyName: name, validationActions: ['Deny'] },
    },
  ];
}

/** Kinds of what {@link refusal} makes, for `kubectl delete`. */
export const REFUSAL = 'validatingadmissionpolicies,validatingadmissionpolicybindings';

/** Keeps everyone, Godwit too, from making more of something in a namespace. */
export function quota(ns: string, hard: Record<string, string>) {
  return { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { namespace: ns, name: 'e2e-none' }, spec: { hard } };
}
