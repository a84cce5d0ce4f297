import type { RestoreTransforms } from '@godwit/contracts/migration-definition';
import type { ResourceInfo } from '@godwit/selection/resource-info';
import { objectMatcher, typeMatcher } from './object-matcher.ts';
import type { NamespaceMap, TransformContext } from './transform.ts';

/** What a run knows beside its definition. */
export interface TransformFacts {
  runId: string;
  /** From `namespaceMapping`. */
  namespaces: NamespaceMap;
  /** What is known of resource types, so that rules may name them by plurals and short names. */
  types: readonly ResourceInfo[];
}

/**
 * Makes ready, once for a run, what its transforms need.
 * @throws SelectorTextError if a label selector of a rule cannot be read
 */
export function transformContext(transforms: RestoreTransforms, { runId, namespaces, types }: TransformFacts): TransformContext {
  const { storageClasses, preserveNodePorts, rewriteText, imageRegistries } = transforms;
  const keepsStatus = typeMatcher(transforms.restoreStatus, types);
  return {
    runId,
    namespaces,
    storageClasses,
    preserveNodePorts,
    rewriteText,
    imageRegistries,
    // That a controller runs on the destination cannot be told from what its API serves, so people say it.
    knownFinalizers: new Set(transforms.keepFinalizers),
    keepsStatus: transforms.restoreStatus.length > 0 ? keepsStatus : () => false,
    replicas: transforms.replicas.map(({ match, replicas }) => ({
      isFor: objectMatcher(match, types),
      namesTypes: match.resourceTypes.length > 0,
      replicas,
    })),
    modifiers: transforms.resourceModifiers.map(({ match, jsonPatch, mergePatch }) => ({
      isFor: objectMatcher(match, types),
      jsonPatch,
      ...(mergePatch && { mergePatch }),
    })),
  };
}
