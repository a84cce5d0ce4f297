import { groupOf, type KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { claimOf, getsAnother } from './clusters-own.ts';
import { companionshipOf } from './companions.ts';
import type { LabelSelector } from './label-selector.ts';
import { reCreates } from './re-created.ts';
import { isCustom, referencesOf } from './references.ts';
import type { SelectionCriteria } from './selection-criteria.ts';
import { isNamespace, type Stays, stays, staysAnyway } from './stays.ts';
import { claimSeriesKey, customKey, objectKey, type Tie } from './tie.ts';
import { keysOfDefinition } from './watched-definitions.ts';

/**
 * What decides about an object of the source, without the object: a cluster's objects may be many and large, and all of them
 * are needed to decide about one.
 */
export interface ObjectFacts {
  apiVersion: string;
  kind: string;
  /** Empty: cluster-scoped. */
  namespace: string;
  name: string;
  uid: string;
  /** Why it stays wherever its owners and what needs it lead. */
  stays?: Stays;
  /** Why the selection itself does not mean it; if absent it does. */
  notSelected?: Stays;
  owners: readonly OwnerFacts[];
  /** Under which it is referred to: its own key first. */
  keys: string[];
  /** What it needs. */
  needs: readonly Tie[];
  /** What it comes along with. */
  comesWith: readonly Tie[];
  /** Of a cluster-scoped object: it never goes without one of `comesWith`, even if it is selected. */
  onlyTogether: boolean;
  /** Of a Service: it has a selector, so that its endpoints are made anew. */
  picksPods?: boolean;
  /** Of a ClusterRole: what it is found by, and what it gathers. */
  aggregation?: { labels: Record<string, string>; gathers: LabelSelector[] };
}

export interface OwnerFacts {
  uid: string;
  /** The owner's controller makes the object anew on the destination (rule 2). */
  reCreates: boolean;
}

/**
 * @param object as listed, with apiVersion and kind
 * @param typeSelected `criteria.selectsType` of its type
 */
export function factsOf(object: KubernetesObject, typeSelected: boolean, criteria: SelectionCriteria): ObjectFacts {
  const { apiVersion, kind, metadata } = object;
  const { name, namespace = '', uid = '', ownerReferences = [] } = metadata;
  const why = staysAnyway(object) ?? ofAnotherNamespace(object, criteria) ?? ofCopiedVolume(object, criteria);
  const common = {
    apiVersion,
    kind,
    namespace,
    name,
    uid,
    keys: keysOf(object),
    owners: compact(
      ownerReferences.map((owner) => ({ uid: owner.uid, reCreates: owner.controller === true && reCreates(owner, object) })),
    ),
    ...(picksPods(object) ? { picksPods: true } : {}),
  };
  // What stays brings nothing along, so nothing more need be known of it.
  if (why) return { ...common, stays: why, needs: NONE, comesWith: NONE, onlyTogether: false };
  const { comesWith, onlyTogether } = companionshipOf(object);
  const notSelected = whyNotSelected(object, typeSelected, criteria);
  return {
    ...common,
    needs: compact(referencesOf(object)),
    comesWith: compact(comesWith),
    onlyTogether: onlyTogether && !namespace,
    ...(notSelected ? { notSelected } : {}),
    ...aggregation(object),
  };
}

/** `Kind namespace/name` for people. */
export function describeFacts({ kind, namespace, name }: ObjectFacts): string {
  return `${kind} ${namespace ? `${namespace}/` : ''}${name}`;
}

/** Most objects have no owners and need nothing: one list for all of them. */
const NONE: readonly never[] = [];

function compact<T>(values: readonly T[]): readonly T[] {
  return values.length === 0 ? NONE : values;
}

const NO_LABELS = stays('LabelsDoNotMatch', "It does not have the selection's labels.");
const NOT_OF_TYPE = stays('TypeNotSelected', 'The selection does not ask for its type.');
const NOT_NEEDED = stays('NotNeeded', 'It is cluster-scoped, and nothing that is migrated needs it.');
const OTHER_NAMESPACE = stays('NamespaceNotSelected', 'The selection does not mean this namespace.');

function ofAnotherNamespace(object: KubernetesObject, { namespaces }: SelectionCriteria): Stays | undefined {
  const namespace = isNamespace(object) ? object.metadata.name : object.metadata.namespace;
  return namespace === undefined || namespaces.has(namespace) ? undefined : OTHER_NAMESPACE;
}

/** A Namespace has to go wherever its objects go. */
function ofCopiedVolume(object: KubernetesObject, { recreatesVolumes }: SelectionCriteria): Stays | undefined {
  if (recreatesVolumes || object.kind !== 'PersistentVolume' || object.apiVersion !== 'v1') return undefined;
  const claim = claimOf(object);
  return claim === undefined ? undefined : stays('GeneratedByCluster', getsAnother(claim));
}

function whyNotSelected(object: KubernetesObject, typeSelected: boolean, criteria: SelectionCriteria): Stays | undefined {
  if (isNamespace(object)) return undefined;
  if (!object.metadata.namespace && criteria.clusterScoped === 'Needed') return NOT_NEEDED;
  if (!typeSelected) return NOT_OF_TYPE;
  return criteria.selectsLabels(object.metadata.labels) ? undefined : NO_LABELS;
}

function keysOf(object: KubernetesObject): string[] {
  const { apiVersion, kind, metadata } = object;
  const { name, namespace = '' } = metadata;
  const keys = [objectKey(kind, groupOf(apiVersion), namespace, name), ...keysOfDefinition(object)];
  if (isCustom(apiVersion)) keys.push(customKey(kind, namespace, name));
  const series = apiVersion === 'v1' && kind === 'PersistentVolumeClaim' ? /^(.+)-\d+$/.exec(name)?.[1] : undefined;
  if (series) keys.push(claimSeriesKey(namespace, series));
  return keys;
}

function picksPods({ apiVersion, kind, spec }: KubernetesObject): boolean {
  if (apiVersion !== 'v1' || kind !== 'Service') return false;
  return Object.keys((spec as { selector?: Record<string, string> } | undefined)?.selector ?? {}).length > 0;
}

function aggregation(object: KubernetesObject): Pick<ObjectFacts, 'aggregation'> {
  if (object.kind !== 'ClusterRole' || groupOf(object.apiVersion) !== 'rbac.authorization.k8s.io') return {};
  const { clusterRoleSelectors = [] } = (object.aggregationRule ?? {}) as { clusterRoleSelectors?: LabelSelector[] };
  return { aggregation: { labels: object.metadata.labels ?? {}, gathers: clusterRoleSelectors } };
}
