import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import type { KubeClient } from '@godwit/kube/kube-client';
import type { Controller } from './facts.ts';
import { listReduced } from './list-reduced.ts';
import { CLUSTER_ROLE, CLUSTER_ROLE_BINDING } from './types.ts';

interface Rule {
  apiGroups?: string[];
  resources?: string[];
  verbs?: string[];
}

const WRITES = ['update', 'patch', '*'];

/**
 * The accounts that look like controllers of custom resources: a cluster role lets them write a status or finalizers, or all
 * of a group. Roles for everything (`*` groups) tell nothing. Accounts that only a Role of a namespace serves are not seen.
 */
export async function observeControllers(client: KubeClient, signal: AbortSignal): Promise<Controller[]> {
  const [roles, bindings] = await Promise.all([
    listReduced(
      client,
      CLUSTER_ROLE,
      undefined,
      ({ metadata, rules }) => {
        const writes = controlled((rules ?? []) as Rule[]);
        return writes.length > 0 ? { name: metadata.name, writes } : undefined;
      },
      signal,
    ),
    listReduced(client, CLUSTER_ROLE_BINDING, undefined, reduceBinding, signal),
  ]);
  const writesOf = new Map((roles ?? []).map(({ name, writes }) => [name, writes]));
  return (bindings ?? []).flatMap(({ role, accounts }) => {
    const writes = writesOf.get(role);
    return writes ? accounts.map((account) => ({ account, writes })) : [];
  });
}

/** `plural.group` of what the rules let a controller control; `*.group` for a whole group. */
export function controlled(rules: readonly Rule[]): string[] {
  const found = rules
    .filter(({ verbs = [] }) => verbs.some((verb) => WRITES.includes(verb)))
    .flatMap(({ apiGroups = [], resources = [] }) =>
      apiGroups
        .filter((group) => group !== '*' && group !== '')
        .flatMap((group) =>
          resources.flatMap((resource) => (isControlled(resource) ? `${resource.split('/')[0]}.${group}` : [])),
        ),
    );
  return [...new Set(found)];
}

function isControlled(resource: string): boolean {
  return resource === '*' || resource.endsWith('/status') || resource.endsWith('/finalizers') || resource.endsWith('/*');
}

function reduceBinding(binding: KubernetesObject): { role: string; accounts: string[] } | undefined {
  const { subjects = [], roleRef } = binding as unknown as {
    subjects?: { kind: string; name: string; namespace?: string }[];
    roleRef: { name: string };
  };
  const accounts = subjects.filter(({ kind }) => kind === 'ServiceAccount').map(({ namespace, name }) => `${namespace}/${name}`);
  return accounts.length > 0 ? { role: roleRef.name, accounts } : undefined;
}
