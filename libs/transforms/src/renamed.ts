import type { NamespaceMap } from './transform.ts';

/** The name of a namespace on the destination; one that is not migrated keeps its name. */
export function renamed(namespace: string, namespaces: NamespaceMap): string {
  return Object.hasOwn(namespaces, namespace) ? (namespaces[namespace] as string) : namespace;
}

/** Whether any namespace gets another name. */
export function hasRenames(namespaces: NamespaceMap): boolean {
  return known(namespaces).renames;
}

/** Whether a new name is the old name of another that is renamed too, so that what has followed must not follow again. */
export function hasChains(namespaces: NamespaceMap): boolean {
  return known(namespaces).chains;
}

/** A map may be long and is asked for each object. */
const KNOWN = new WeakMap<NamespaceMap, { renames: boolean; chains: boolean }>();

function known(namespaces: NamespaceMap): { renames: boolean; chains: boolean } {
  let answer = KNOWN.get(namespaces);
  if (answer === undefined) {
    const moved = Object.entries(namespaces).filter(([from, to]) => from !== to);
    answer = { renames: moved.length > 0, chains: moved.some(([, to]) => renamed(to, namespaces) !== to) };
    KNOWN.set(namespaces, answer);
  }
  return answer;
}

/** `namespace/name`, with the namespace renamed. */
export function renamedPath(path: string, namespaces: NamespaceMap): string {
  const slash = path.indexOf('/');
  return slash < 0 ? path : renamed(path.slice(0, slash), namespaces) + path.slice(slash);
}

/** The object with the namespace it names renamed, if it names one. */
export function withRenamed<T extends { namespace?: string }>(reference: T, namespaces: NamespaceMap): T {
  const { namespace } = reference;
  return namespace === undefined ? reference : { ...reference, namespace: renamed(namespace, namespaces) };
}
