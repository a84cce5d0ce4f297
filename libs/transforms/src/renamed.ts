import type { NamespaceMap } from './transform.ts';

/** The name of a namespace on the destination; one that is not migrated keeps its name. */
export function renamed(namespace: string, namespaces: NamespaceMap): string {
  return Object.hasOwn(namespaces, namespace) ? (namespaces[namespace] as string) : namespace;
}

/** A map may be long and is asked for each object. */
const KNOWN = new WeakMap<NamespaceMap, boolean>();

/** Whether any namespace gets another name. */
export function hasRenames(namespaces: NamespaceMap): boolean {
  let answer = KNOWN.get(namespaces);
  if (answer === undefined) {
    answer = Object.entries(namespaces).some(([from, to]) => from !== to);
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
