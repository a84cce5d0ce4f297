import type { Finding } from '@godwit/contracts/findings';
import { describeObject, type KubernetesObject, type OwnerReference } from '@godwit/contracts/kubernetes-object';
import type { Discovery } from '@godwit/kube/discovery';
import { remapOwnerReferences } from '@godwit/transforms/owner-references';
import { eachInFlight } from '../in-flight.ts';
import type { ApplyContext } from './apply-object.ts';
import { isRefusal, withRetries } from './retries.ts';
import { servedType } from './served-type.ts';
import type { LandedObject } from './tier-applier.ts';

const IN_FLIGHT = 16;

/**
 * Gives the objects that the run made their owners back (rule 2), now that all are there.
 * @returns what was lost on the way: owners that did not come along, references that the API server refused
 */
export async function giveOwners(
  { client, signal }: ApplyContext,
  discovery: Pick<Discovery, 'find'>,
  landed: readonly LandedObject[],
): Promise<Finding[]> {
  const uids = new Map(landed.flatMap(({ source, live }) => (source.uid ? [[source.uid, live.metadata.uid ?? '']] : [])));
  const findings: Finding[] = [];
  const owned = landed.filter(({ made, source }) => made && source.ownerReferences.length > 0);
  await eachInFlight(owned, IN_FLIGHT, async ({ live, source }) => {
    const { references, lost } = remapOwnerReferences(withOwners(live, source.ownerReferences), uids);
    const find = (severity: Finding['severity'], reason: string, message: string) =>
      findings.push({ severity, reason, message, object: describeObject(live), cluster: client.clusterName });
    for (const { kind, name } of lost) {
      find('note', 'OwnerStayed', `its owner, ${kind} ${name}, did not come along; it has none on the destination`);
    }
    const type = servedType(discovery, live);
    if (references.length === 0 || !type) return;
    const { namespace, name } = live.metadata;
    const patch = { metadata: { ownerReferences: references } };
    try {
      await withRetries(signal, () => client.patch(type, namespace, name, patch, signal));
    } catch (error) {
      if (signal.aborted || !isRefusal(error)) throw error;
      find('warning', 'OwnersRefused', `its owner references were refused: ${error.message}`);
    }
  });
  return findings;
}

function withOwners(object: KubernetesObject, ownerReferences: OwnerReference[]): KubernetesObject {
  return { ...object, metadata: { ...object.metadata, ownerReferences } };
}
