import type { Finding } from '@godwit/contracts/findings';
import { describeObject, type KubernetesObject, type OwnerReference } from '@godwit/contracts/kubernetes-object';
import { MOST_IN_FLIGHT } from '@godwit/kube/adaptive-limit';
import type { Discovery } from '@godwit/kube/discovery';
import type { KubeClient } from '@godwit/kube/kube-client';
import type { ResourceType } from '@godwit/kube/resource-type';
import { eachInFlight } from '../in-flight.ts';
import type { ApplyContext } from './apply-object.ts';
import type { LandedOwners } from './landed-owners.ts';
import { isRefusal, withRetries } from './retries.ts';
import { servedType } from './served-type.ts';
import type { OwedObject } from './tier-applier.ts';

/** Adds owners to those that the object has on the destination. An object that was made anew since is not touched. */
async function adopt(
  client: KubeClient,
  type: ResourceType,
  { metadata: { namespace, name, uid } }: KubernetesObject,
  references: readonly OwnerReference[],
  signal: AbortSignal,
): Promise<void> {
  const present = await client.find(type, namespace, name, signal);
  if (!present || present.metadata.uid !== uid) return;
  const { ownerReferences = [], resourceVersion } = present.metadata;
  const known = new Set(ownerReferences.map((reference) => reference.uid));
  const added = references.filter((reference) => !known.has(reference.uid));
  if (added.length === 0) return;
  // The resource version guards owners that somebody adds meanwhile.
  const patch = { metadata: { uid, resourceVersion, ownerReferences: [...ownerReferences, ...added] } };
  await client.patch(type, namespace, name, patch, signal);
}

/** Findings that are held until they are told. */
const BATCH = 200;

/**
 * Gives the objects that were made before their owners these owners back (rule 2), now that all are there.
 * @param tell gets what was lost on the way: owners that did not come along, references that the API server refused
 */
export async function giveOwners(
  { client, signal }: ApplyContext,
  discovery: Pick<Discovery, 'find'>,
  owners: LandedOwners,
  owed: readonly OwedObject[],
  tell: (findings: readonly Finding[]) => Promise<void>,
): Promise<void> {
  let findings: Finding[] = [];
  await eachInFlight(owed, MOST_IN_FLIGHT, async ({ live, ownerReferences }) => {
    const find = (severity: Finding['severity'], reason: string, message: string) =>
      findings.push({ severity, reason, message, object: describeObject(live), cluster: client.clusterName });
    const { namespace } = live.metadata;
    const { references, missing } = owners.remap(ownerReferences, namespace);
    for (const owner of missing) {
      find('note', 'OwnerStayed', `its owner, ${owner.kind} ${owner.name}, did not come along; it has none on the destination`);
    }
    const type = servedType(discovery, live);
    if (references.length > 0 && type) {
      try {
        await withRetries(signal, () => adopt(client, type, live, references, signal));
      } catch (error) {
        if (signal.aborted || !isRefusal(error)) throw error;
        find('warning', 'OwnersRefused', `its owner references were refused: ${error.message}`);
      }
    }
    if (findings.length < BATCH) return;
    const batch = findings;
    findings = [];
    await tell(batch);
  });
  if (findings.length > 0) await tell(findings);
}
