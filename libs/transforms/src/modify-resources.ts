import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import type { JsonPatchOperation } from '@godwit/contracts/migration-definition';
import { applyPatch, type Operation } from 'rfc6902';
import { mergePatch } from './merge-patch.ts';
import { drop, findingOn, keep, type Modifier, type TransformContext, type TransformOutcome } from './transform.ts';
import type { Fields } from './walk-manifest.ts';

/**
 * Changes manifests by the user's patches, after all other transforms. An object whose patch fails is not applied half
 * changed: it is left out, with an error.
 */
export function modifyResources(
  object: KubernetesObject,
  { modifiers }: TransformContext,
  source: KubernetesObject,
): TransformOutcome {
  const findings: TransformOutcome['findings'] = [];
  let current = object;
  for (const [index, modifier] of modifiers.entries()) {
    if (!modifier.isFor(source)) continue;
    const name = `transforms.resourceModifiers[${index}]`;
    const result = modify(current, modifier, name);
    if ('failed' in result) return drop(...findings, failure(object, result.failed));
    if ('untrue' in result) findings.push(findingOn(object, 'note', 'ModifierDoesNotApply', result.untrue));
    else current = result.modified;
  }
  return keep(current, findings);
}

type Result = { modified: KubernetesObject } | { untrue: string } | { failed: string };

function modify(object: KubernetesObject, { jsonPatch, mergePatch: patch }: Modifier, name: string): Result {
  // The library patches in place, and may put a value of the patch into the object.
  let modified = jsonPatch.length > 0 ? structuredClone(object) : object;
  for (const [index, operation] of jsonPatch.entries()) {
    const error = patchError(modified, operation);
    if (!error) continue;
    const place = `${name}.jsonPatch[${index}] (${describe(operation)})`;
    return error.name === 'TestError'
      ? { untrue: `${place} does not hold, so this modifier leaves the object as it is.` }
      : {
          failed: `${place} failed: ${error.name === 'MissingError' ? 'there is nothing at this path' : 'it does not fit what is at this path'}.`,
        };
  }
  if (patch) modified = mergePatch(modified, patch) as KubernetesObject;
  const broken = brokenIdentity(object, modified);
  return broken ? { failed: `${name} ${broken}.` } : { modified };
}

function patchError(object: KubernetesObject, operation: JsonPatchOperation): Error | undefined {
  try {
    return applyPatch(object, [structuredClone(operation) as Operation])[0] ?? undefined;
  } catch (error) {
    // Thrown where the path leads through what has no fields, such as a number. Its message may tell a value, even of a Secret.
    return error as Error;
  }
}

function describe(operation: JsonPatchOperation): string {
  return 'from' in operation ? `${operation.op} ${operation.from} ${operation.path}` : `${operation.op} ${operation.path}`;
}

/** Under another name nothing that refers to the object would find it, and neither would a rollback. */
function brokenIdentity(before: KubernetesObject, after: KubernetesObject): string | undefined {
  const metadata: unknown = after.metadata;
  if (!isMap(metadata)) return 'takes the metadata away';
  for (const field of ['apiVersion', 'kind'] as const) if (after[field] !== before[field]) return `changes ${field}`;
  for (const field of ['name', 'namespace', 'uid'] as const) {
    if (metadata[field] !== before.metadata[field]) return `changes metadata.${field}`;
  }
  for (const field of ['labels', 'annotations'] as const) {
    const entries = metadata[field] ?? {};
    if (!isMap(entries) || Object.values(entries).some((value) => typeof value !== 'string')) {
      return `leaves in metadata.${field} what is not text`;
    }
  }
  return undefined;
}

function isMap(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function failure(object: KubernetesObject, message: string) {
  return findingOn(
    object,
    'error',
    'ModifierFailed',
    `${message} The object is left out.`,
    'Correct the modifier, or let it match other objects.',
  );
}
