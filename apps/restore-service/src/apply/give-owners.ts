import type { Finding } from '@godwit/contracts/findings';
import { describeObject } from '@godwit/contracts/kubernetes-object';
import { MOST_IN_FLIGHT } from '@godwit/kube/adaptive-limit';
import type { Discovery } from '@godwit/kube/discovery';
import { eachInFlight } from '../in-flight.ts';
import type { ApplyContext } from './apply-object.ts';
import type { LandedOwners } from './landed-owners.ts';
import { isRefusal, withRetries } from './retries.ts';
import { servedType } from './served-type.ts';
import type { OwedObject } from './tier-applier.ts';

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
    const { namespace, name } = live.metadata;
    const { references, missing } = owners.remap(ownerReferences, namespace);
    for (const owner of missing) {
      find('note', 'OwnerStayed', `its owner, ${owner.kind} ${owner.name}, did not come along; it has none on the destination`);
    }
    const type = servedType(discovery, live);
    if (references.length > 0 && type) {
      const patch = { metadata: { ownerReferences: references } };
      try {
        await withRetries(signal, () => client.patch(type, namespace, name, patch, signal));
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
