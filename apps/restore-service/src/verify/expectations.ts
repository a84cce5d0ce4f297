import type { CapturedObject } from '@godwit/contracts/step-outputs';
import type { RunObject } from '@godwit/db/run-object-store';
import type { NamespaceMap } from '@godwit/transforms/transform';
import { becomesReady, readyOnSource } from './readiness.ts';

/** An object that the run made or changed, and how much of it has to become ready. */
export interface Expectation {
  apiVersion: string;
  kind: string;
  namespace: string;
  name: string;
  /** As of `readyOnSource`. */
  wanted: number;
}

/**
 * What has to become ready: the workloads and claims that the run made or changed, as far as they were ready on the source.
 * @param captured as the source's API server gave them, with their status
 */
export async function expectations(
  objects: readonly RunObject[],
  captured: AsyncIterable<CapturedObject>,
  namespaces: NamespaceMap,
): Promise<Expectation[]> {
  const made = new Map(
    objects
      .filter((object) => (object.outcome === 'Created' || object.outcome === 'Updated') && becomesReady(object))
      .map((object) => [keyOf(object), object]),
  );
  const expected: Expectation[] = [];
  for await (const { object: source } of captured) {
    if (made.size === 0) break;
    const { namespace = '', name } = source.metadata;
    const there = made.get(keyOf({ kind: source.kind, namespace: namespaces[namespace] ?? namespace, name }));
    const wanted = there && becomesReady(source) ? readyOnSource(source) : 0;
    if (there && wanted > 0) {
      expected.push({ apiVersion: there.apiVersion, kind: there.kind, namespace: there.namespace, name, wanted });
    }
  }
  return expected;
}

function keyOf({ kind, namespace, name }: Pick<RunObject, 'kind' | 'namespace' | 'name'>): string {
  return `${kind}/${namespace}/${name}`;
}
