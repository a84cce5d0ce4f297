import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import type { Discovery } from '@godwit/kube/discovery';
import type { KubeClient } from '@godwit/kube/kube-client';
import { observeList } from '@godwit/kube/observe-list';
import type { ResourceType } from '@godwit/kube/resource-type';
import { servedType } from '../apply/served-type.ts';
import type { Expectation } from './expectations.ts';
import { readiness } from './readiness.ts';

/** With more namespaces than this, one watch of the whole cluster is cheaper than one for each. */
const WATCH_EACH_UP_TO = 8;

/** An expectation that was not met in time. */
export interface Unmet {
  expected: Expectation;
  /** For people. */
  state: string;
  /** As last seen; undefined if it is not there. */
  live?: KubernetesObject;
}

export interface WaitReadyOptions {
  timeoutMs: number;
  signal: AbortSignal;
  /** Storage classes that bind a claim only when a pod uses it. */
  lateClasses: ReadonlySet<string>;
}

/**
 * Waits, by watches and for all at once, until the expected objects are ready; returns at once if they are already.
 * @returns those that are not in time
 */
export async function waitReady(
  client: KubeClient,
  discovery: Pick<Discovery, 'find'>,
  expected: readonly Expectation[],
  options: WaitReadyOptions,
): Promise<Unmet[]> {
  const deadline = AbortSignal.timeout(options.timeoutMs);
  const kinds = Map.groupBy(expected, ({ apiVersion, kind }) => `${apiVersion}/${kind}`);
  const watches = [...kinds.values()].flatMap((ofKind) => {
    const type = servedType(discovery, ofKind[0]!);
    if (!type)
      return [Promise.resolve(ofKind.map((one): Unmet => ({ expected: one, state: 'its kind is not served any more' })))];
    const byNamespace = Map.groupBy(ofKind, ({ namespace }) => namespace);
    if (byNamespace.size > WATCH_EACH_UP_TO) return [watchKind(client, type, undefined, ofKind, deadline, options)];
    return [...byNamespace].map(([namespace, there]) => watchKind(client, type, namespace, there, deadline, options));
  });
  return (await Promise.all(watches)).flat();
}

async function watchKind(
  client: KubeClient,
  type: ResourceType,
  namespace: string | undefined,
  expected: readonly Expectation[],
  deadline: AbortSignal,
  { signal, lateClasses }: WaitReadyOptions,
): Promise<Unmet[]> {
  const unmet = new Map(expected.map((one) => [keyOf(one), { expected: one, state: 'it is not there' } as Unmet]));
  const see = (object: KubernetesObject, isThere: boolean) => {
    const one = unmet.get(keyOf({ namespace: object.metadata.namespace ?? '', name: object.metadata.name }));
    if (!one) return;
    const live = { ...object, apiVersion: one.expected.apiVersion, kind: type.kind };
    const { ready, state } = readiness(live, one.expected.wanted, lateClasses);
    if (isThere && ready) unmet.delete(keyOf(one.expected));
    else Object.assign(one, isThere ? { state, live } : { state: 'it is not there', live: undefined });
  };
  try {
    for await (const change of observeList(client, type, { namespace }, AbortSignal.any([signal, deadline]))) {
      if ('listed' in change) for (const object of change.listed) see(object, true);
      else if ('changed' in change) see(change.changed, true);
      else see(change.deleted, false);
      if (unmet.size === 0) break;
    }
  } catch (error) {
    signal.throwIfAborted();
    if (!deadline.aborted) throw error;
  }
  return [...unmet.values()];
}

function keyOf({ namespace, name }: { namespace: string; name: string }): string {
  return `${namespace}/${name}`;
}
