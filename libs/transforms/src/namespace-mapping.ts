import type { Finding } from '@godwit/contracts/findings';
import { GODWIT_NAMESPACE } from '@godwit/contracts/labels';
import type { NamespaceRename } from '@godwit/contracts/migration-definition';
import type { NamespaceMap } from './transform.ts';

const LONGEST_NAME = 63;
const RESERVED = new Set(['kube-system', 'kube-public', 'kube-node-lease', GODWIT_NAMESPACE]);

/**
 * Gives every selected namespace its name on the destination. A name in `rename.map` is taken as it is; any other gets the
 * prefix and the suffix.
 * @returns the map, and what is wrong with it; an `error` among the problems means that the run must not start.
 */
export function namespaceMapping(
  rename: NamespaceRename,
  selectedNamespaces: readonly string[],
): { map: NamespaceMap; problems: Finding[] } {
  const pairs = [...new Set(selectedNamespaces)].map((name): [string, string] => [name, newName(rename, name)]);
  return {
    map: Object.fromEntries(pairs),
    problems: [...tooLong(pairs), ...reserved(pairs), ...collisions(pairs), ...unused(rename, selectedNamespaces)],
  };
}

/** Own keys only: a namespace may be called `constructor`. */
function newName(rename: NamespaceRename, name: string): string {
  return Object.hasOwn(rename.map, name) ? (rename.map[name] as string) : `${rename.prefix}${name}${rename.suffix}`;
}

function tooLong(pairs: [string, string][]): Finding[] {
  return pairs
    .filter(([, to]) => to.length > LONGEST_NAME)
    .map(([from, to]) => ({
      severity: 'error',
      reason: 'NamespaceNameTooLong',
      object: `Namespace ${from}`,
      message: `Namespace ${from} would become ${to}, which has ${to.length} characters; ${LONGEST_NAME} are allowed.`,
      cure: `Give ${from} a shorter name in the mapping, or shorten the prefix or suffix.`,
    }));
}

function reserved(pairs: [string, string][]): Finding[] {
  return pairs
    .filter(([from, to]) => from !== to && RESERVED.has(to))
    .map(([from, to]) => ({
      severity: 'error',
      reason: 'NamespaceReserved',
      object: `Namespace ${from}`,
      message: `Namespace ${from} would become ${to}, which belongs to the system.`,
      cure: `Give ${from} another name.`,
    }));
}

function collisions(pairs: [string, string][]): Finding[] {
  const sources = new Map<string, string[]>();
  for (const [from, to] of pairs) sources.set(to, [...(sources.get(to) ?? []), from]);
  return [...sources]
    .filter(([, from]) => from.length > 1)
    .map(([to, from]) => ({
      severity: 'error',
      reason: 'NamespaceCollision',
      object: `Namespace ${to}`,
      message: `Namespaces ${from.join(', ')} would all become ${to}.`,
      cure: 'Give each of them a name of its own in the mapping.',
    }));
}

function unused(rename: NamespaceRename, selected: readonly string[]): Finding[] {
  return Object.keys(rename.map)
    .filter((name) => !selected.includes(name))
    .map((name) => ({
      severity: 'warning',
      reason: 'NamespaceNotSelected',
      object: `Namespace ${name}`,
      message: `The mapping renames namespace ${name}, which is not among the selected ones.`,
      cure: `Select ${name} or take it out of the mapping.`,
    }));
}
