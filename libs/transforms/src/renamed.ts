import type { NamespaceMap } from './transform.ts';

/** The name of a namespace on the destination; one that is not migrated keeps its name. */
export function renamed(namespace: string, namespaces: NamespaceMap): string {
  return Object.hasOwn(namespaces, namespace) ? (namespaces[namespace] as string) : namespace;
}

/** Whether any namespace gets another name. */
export function hasRenames(namespaces: NamespaceMap): boolean {
  for (const from of Object.keys(namespaces)) if (namespaces[from] !== from) return true;
  return false;
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
