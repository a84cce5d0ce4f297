import { describeObject, type KubernetesObject } from '@godwit/contracts/kubernetes-object';
import type { KubeClient } from '@godwit/kube/kube-client';
import { KubeRequestError } from '@godwit/kube/kube-error';
import { listMetadata } from '@godwit/kube/list-metadata';
import { apiVersionOf, type ResourceType } from '@godwit/kube/resource-type';
import { factsOf } from '@godwit/selection/object-facts';
import type { SelectionCriteria } from '@godwit/selection/selection-criteria';
import type { PresentType } from './facts.ts';

const IN_FLIGHT = 16;

/**
 * Of which kinds the source has selected objects. Their metadata is read until one is found, so that neither many objects nor
 * large ones count; a kind that may not be listed, or whose API does not answer, is not among them.
 */
export async function observePresent(
  client: KubeClient,
  types: readonly ResourceType[],
  criteria: SelectionCriteria,
  signal: AbortSignal,
): Promise<PresentType[]> {
  const present: PresentType[] = [];
  const queue = [...types];
  const worker = async () => {
    for (let type = queue.shift(); type; type = queue.shift()) {
      const found = await firstSelected(client, type, criteria, signal);
      if (found) present.push({ type, example: describeObject(found) });
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  return present.sort((a, b) => (a.example < b.example ? -1 : 1));
}

async function firstSelected(
  client: KubeClient,
  type: ResourceType,
  criteria: SelectionCriteria,
  signal: AbortSignal,
): Promise<KubernetesObject | undefined> {
  const whole = await firstIn(client, type, criteria, undefined, signal);
  if (whole !== 'forbidden' || !type.namespaced) return whole === 'forbidden' ? undefined : whole;
  for (const namespace of criteria.namespaces) {
    const found = await firstIn(client, type, criteria, namespace, signal);
    if (found && found !== 'forbidden') return found;
  }
  return undefined;
}

/** @param namespace undefined: all of them at once */
async function firstIn(
  client: KubeClient,
  type: ResourceType,
  criteria: SelectionCriteria,
  namespace: string | undefined,
  signal: AbortSignal,
): Promise<KubernetesObject | 'forbidden' | undefined> {
  try {
    for await (const { metadata } of listMetadata(client, type, { namespace, signal })) {
      const object = { apiVersion: apiVersionOf(type), kind: type.kind, metadata };
      const { stays, notSelected } = factsOf(object, criteria.selectsType(type), criteria);
      if (!stays && !notSelected) return object;
    }
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof KubeRequestError) || error.status === 0) throw error;
    return error.status === 403 ? 'forbidden' : undefined;
  }
}
