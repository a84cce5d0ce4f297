import { setTimeout as sleep } from 'node:timers/promises';
import { describeObject, type KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { KubeRequestError } from '@godwit/kube/kube-error';
import { listMetadata } from '@godwit/kube/list-metadata';
import { apiVersionOf, type ResourceType } from '@godwit/kube/resource-type';
import { nameSome } from '../apply/story.ts';
import { eachInFlight } from '../in-flight.ts';
import { IN_FLIGHT, type RollbackContext } from './rollback-context.ts';
import { findStrangers } from './strangers.ts';

/** How long what has lost its owner is given to go. */
const COLLECTED_TIMEOUT_MS = 60_000;
const LOOK_EVERY_MS = 1_000;

/**
 * Why a namespace that the run created stays: a deletion would take what others have put into it since.
 *
 * @param ours UIDs of what the run created
 */
export async function keepNamespace(
  context: RollbackContext,
  namespace: string,
  ours: ReadonlySet<string>,
): Promise<string | undefined> {
  const deadline = Date.now() + COLLECTED_TIMEOUT_MS;
  for (;;) {
    const { lasting, orphans } = findStrangers(await allIn(context, namespace), ours);
    const strangers = [...lasting, ...orphans];
    if (strangers.length === 0) return undefined;
    if (lasting.length > 0 || Date.now() > deadline) {
      const names = strangers.map(({ kind, metadata: { name } }) => describeObject({ kind, metadata: { name } }));
      return `it holds what the run did not create: ${nameSome(names)}`;
    }
    await sleep(LOOK_EVERY_MS, undefined, { signal: context.signal });
  }
}

/** @throws KubeRequestError if a kind cannot be listed: what nobody can see must not be deleted with its namespace */
async function allIn({ client, discovery, signal }: RollbackContext, namespace: string): Promise<KubernetesObject[]> {
  const types = discovery.preferred.filter(isKept);
  const found: KubernetesObject[] = [];
  await eachInFlight(types, IN_FLIGHT, async (type) => {
    try {
      for await (const { metadata } of listMetadata(client, type, { namespace, signal })) {
        found.push({ apiVersion: apiVersionOf(type), kind: type.kind, metadata });
      }
    } catch (error) {
      // Its definition went meanwhile.
      if (!(error instanceof KubeRequestError && error.status === 404)) throw error;
    }
  });
  return found;
}

/** What cannot be deleted is not kept anywhere either, but computed (metrics). */
function isKept({ namespaced, verbs }: ResourceType): boolean {
  return namespaced && verbs.includes('list') && verbs.includes('delete');
}
