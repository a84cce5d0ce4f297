import type { Finding } from '@godwit/contracts/findings';
import type { Facts, RefusedType } from '../facts/facts.ts';
import { type Check, someOf } from './check.ts';

/** Verbs without which a role may grant only what its writer has. */
const GRANTS = ['escalate', 'bind'];

/** Whether our credentials may read what is selected and create what lands. */
export const checkAccess: Check = (facts) => [...unlistable(facts), ...uncreatable(facts), ...unseen(facts)];

/** What may not be listed stays behind: an error only if it was asked for by name. */
function unlistable({ source, criteria }: Facts): Finding[] {
  const user = `cluster "${source.name}": the user of the kubeconfig may not list`;
  const { asked = [], others = [] } = Object.groupBy(source.unlistable, ({ type }) =>
    criteria.namesType(type) ? 'asked' : 'others',
  );
  const errors = asked.map(
    (refused): Finding => ({
      severity: 'error',
      reason: 'ListForbidden',
      cluster: source.name,
      object: nameOf(refused),
      message: `${user} ${nameOf(refused)}${where(refused)}, for which the selection asks`,
      cure: 'Give it this permission, or take the resource type out of the selection.',
    }),
  );
  if (others.length === 0) return errors;
  const warning: Finding = {
    severity: 'warning',
    reason: 'ListForbidden',
    cluster: source.name,
    message: `${user} ${someOf(others.map(nameOf), 20)}${where(others[0])}: what there is of these stays behind`,
    cure: 'Give it these permissions, or exclude the resource types.',
  };
  return [...errors, warning];
}

function uncreatable({ destination }: Facts): Finding[] {
  const { grants = [], writes = [] } = Object.groupBy(destination.uncreatable, ({ verb }) =>
    GRANTS.includes(verb) ? 'grants' : 'writes',
  );
  return [
    ...[...Map.groupBy(writes, nameOf)].map(
      ([name, refused]): Finding => ({
        severity: 'error',
        reason: 'CreateForbidden',
        cluster: destination.name,
        object: name,
        message: `cluster "${destination.name}": the user of the kubeconfig may not ${refused.map(({ verb }) => verb).join(', ')} ${name}${where(refused[0])}`,
        cure: 'Give it this permission, or exclude the resource type.',
      }),
    ),
    ...[...Map.groupBy(grants, nameOf)].map(
      ([name, refused]): Finding => ({
        severity: 'warning',
        reason: 'GrantForbidden',
        cluster: destination.name,
        object: name,
        message: `cluster "${destination.name}": the user of the kubeconfig may not ${refused.map(({ verb }) => verb).join(', ')} ${name}, so the API server refuses those, and bindings to them, that grant more than it has itself`,
        cure: `Give it the verbs escalate and bind on ${name}, or the permissions that they grant.`,
      }),
    ),
  ];
}

/** Without its nodes nothing can be said of where pods would run. */
function unseen({ destination }: Facts): Finding[] {
  if (destination.status.nodes !== undefined) return [];
  return [
    {
      severity: 'warning',
      reason: 'NodesNotSeen',
      cluster: destination.name,
      message: `cluster "${destination.name}": the user of the kubeconfig may not list nodes, so whether the pods find room could not be checked`,
      cure: 'Give it the permission to list nodes.',
    },
  ];
}

function nameOf({ type }: RefusedType): string {
  return type.group ? `${type.plural}.${type.group}` : type.plural;
}

function where(refused: RefusedType | undefined): string {
  return refused && refused.namespaces.length > 0 ? ` in ${someOf(refused.namespaces)}` : '';
}
