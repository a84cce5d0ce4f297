import type { Finding } from '@godwit/contracts/findings';
import { describeObject, type KubernetesObject } from '@godwit/contracts/kubernetes-object';
import type { ImageRegistry, JsonPatchOperation, ResourceModifier } from '@godwit/contracts/migration-definition';
import type { ObjectMatcher } from './object-matcher.ts';

/** Old name -> new name. Holds every selected namespace, also those that keep their name. */
export type NamespaceMap = Readonly<Record<string, string>>;

/** A rule of the user that sets the replicas of workloads. */
export interface ReplicaRule {
  isFor: ObjectMatcher;
  /** The rule says itself which types it is for. */
  namesTypes: boolean;
  replicas: number;
}

/** A rule of the user that changes manifests. */
export interface Modifier {
  isFor: ObjectMatcher;
  jsonPatch: readonly JsonPatchOperation[];
  mergePatch?: NonNullable<ResourceModifier['mergePatch']>;
}

/** What the transforms of one run have to know; made once for a run by `transformContext`. */
export interface TransformContext {
  /** Goes into the `godwit.io/run` label of every object. */
  runId: string;
  /** From `namespaceMapping`. */
  namespaces: NamespaceMap;
  /** Class on the source -> class on the destination; the empty name stands for the destination's default class. */
  storageClasses: Readonly<Record<string, string>>;
  /** Keep automatically assigned node ports too; those set by hand are always kept. */
  preserveNodePorts: boolean;
  /** Finalizers whose controllers run on the destination, beside those that every control plane serves. */
  knownFinalizers: ReadonlySet<string>;
  /** Rewrite names of renamed namespaces in free text too. */
  rewriteText: boolean;
  /** Types whose status goes along. */
  keepsStatus: ObjectMatcher;
  imageRegistries: readonly ImageRegistry[];
  /** The first that is for an object counts. */
  replicas: readonly ReplicaRule[];
  /** In order. */
  modifiers: readonly Modifier[];
}

export interface TransformOutcome {
  /** The manifest as it goes on; undefined if the object does not go to the destination (a finding tells why). */
  object: KubernetesObject | undefined;
  findings: Finding[];
}

/**
 * One rule on one manifest. Never changes its input, and gives its own output back unchanged, as long as the context's maps
 * do not chain (a -> b, b -> c) and a user's patch does not add up (an item appended to a list).
 * @param source the object as captured, by whose names and labels the users' rules match
 */
export type Transform = (object: KubernetesObject, context: TransformContext, source: KubernetesObject) => TransformOutcome;

/** The outcome of a transform that has nothing to tell. */
export function keep(object: KubernetesObject, findings: Finding[] = []): TransformOutcome {
  return { object, findings };
}

/** The outcome of a transform that leaves the object out. */
export function drop(...findings: Finding[]): TransformOutcome {
  return { object: undefined, findings };
}

/** A finding about one object. */
export function findingOn(
  object: KubernetesObject,
  severity: Finding['severity'],
  reason: string,
  message: string,
  cure?: string,
): Finding {
  return { severity, reason, message, object: describeObject(object), ...(cure ? { cure } : {}) };
}
