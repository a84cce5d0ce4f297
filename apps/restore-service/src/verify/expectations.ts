import { groupOf } from '@godwit/contracts/kubernetes-object';
import type { CapturedObject } from '@godwit/contracts/step-outputs';
import type { RunObject } from '@godwit/db/run-object-store';
import type { NamespaceMap } from '@godwit/transforms/transform';
import { becomesReady, readyOnSource, severityOf } from './readiness.ts';

/** An object that the run made or changed, and how much of it has to become ready. */
export interface Expectation {
  apiVersion: string;
  kind: string;
  namespace: string;
  name: string;
  /** As of `readyOnSource`. */
  wanted: number;
  /** What it means if it is not met. */
  severity: 'error' | 'warning';
}

/**
 * What has to become ready: what the run made or changed and that tells whether it is ready, as far as it was on the source.
 * @param objects what became of the objects on the destination
 * @param captured as the source's API server gave them, with their status
 */
export async function expectations(
  objects: AsyncIterable<RunObject> | Iterable<RunObject>,
  captured: AsyncIterable<CapturedObject>,
  namespaces: NamespaceMap,
): Promise<Expectation[]> {
  const made = new Map<string, RunObject>();
  for await (const object of objects) {
    const isMade = object.outcome === 'Created' || object.outcome === 'Updated';
    if (isMade && becomesReady(object)) made.set(keyOf(object), object);
  }
  const expected: Expectation[] = [];
  for await (const { object: source } of captured) {
    if (made.size === 0) break;
    const wanted = becomesReady(source) ? readyOnSource(source) : 0;
    if (wanted === 0) continue;
    const { namespace = '', name } = source.metadata;
    const { apiVersion, kind } = source;
    const there = made.get(keyOf({ apiVersion, kind, namespace: namespaces[namespace] ?? namespace, name }));
    if (!there) continue;
    expected.push({ apiVersion: there.apiVersion, kind, namespace: there.namespace, name, wanted, severity: severityOf(there) });
  }
  return expected;
}

function keyOf({ apiVersion, kind, namespace, name }: Omit<RunObject, 'outcome'>): string {
  return `${groupOf(apiVersion)}/${kind}/${namespace}/${name}`;
}
