/** One thing that holds an object and another together; `key` names the other, see the functions below. */
export interface Tie {
  key: string;
  /** For people: of a reference what the object does with the other (`mounts it`), else a whole sentence. */
  why: string;
}

/** The key of an object. @param group empty for the core group @param namespace empty for cluster-scoped objects */
export function objectKey(kind: string, group: string, namespace: string, name: string): string {
  return flat(kind, '.', group, ' ', namespace, '/', name);
}

/** The key of a custom resource that is named without its group. */
export function customKey(kind: string, namespace: string, name: string): string {
  return flat('custom ', kind, ' ', namespace, '/', name);
}

/** The key of all objects of a kind. */
export function kindKey(kind: string, group: string): string {
  return flat('kind ', kind, '.', group);
}

export function accountKey(namespace: string, name: string): string {
  return objectKey('ServiceAccount', '', namespace, name);
}

/** The key of whatever ServiceAccount of the namespace is in use. */
export function anyAccountKey(namespace: string): string {
  return flat('accounts ', namespace);
}

/** The key of all that a namespace may have, where it goes as a whole. */
export function wholeNamespaceKey(namespace: string): string {
  return flat('namespace ', namespace);
}

/** The key of all definitions of a group. */
export function definitionsOfGroupKey(group: string): string {
  return flat('definitions ', group);
}

/** The key of the claims that a StatefulSet makes: `<template>-<name>-<ordinal>`. @param series the name without its ordinal */
export function claimSeriesKey(namespace: string, series: string): string {
  return flat('claims ', namespace, '/', series);
}

/** Keys are kept for each object of a cluster: what `+` makes would keep all its pieces too, several times the text. */
function flat(...pieces: string[]): string {
  return pieces.join('');
}
