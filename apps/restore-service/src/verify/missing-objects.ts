import type { Finding } from '@godwit/contracts/findings';
import type { RunObject } from '@godwit/db/run-object-store';
import type { Discovery } from '@godwit/kube/discovery';
import type { KubeClient } from '@godwit/kube/kube-client';
import { KubeRequestError } from '@godwit/kube/kube-error';
import { listMetadata } from '@godwit/kube/list-metadata';
import { servedType } from '../apply/served-type.ts';
import { describeRunObject } from '../apply/story.ts';
import { severityOf } from './readiness.ts';

/** With more namespaces than this, one list of the whole cluster is cheaper than one for each. */
const LIST_EACH_UP_TO = 8;
const LANDED: ReadonlySet<string> = new Set(['Created', 'Updated', 'Merged', 'Unchanged']);

/**
 * What should be on the destination and is not: a controller, a policy or a person has taken it away since it was applied. Told
 * by lists of names, of one kind after the other, so that neither requests nor memory grow with the objects.
 *
 * @param objects of the run, in the order of their kinds
 */
export async function missingObjects(
  client: KubeClient,
  discovery: Pick<Discovery, 'find'>,
  objects: AsyncIterable<RunObject>,
  signal: AbortSignal,
): Promise<Finding[]> {
  const missing: Finding[] = [];
  for await (const ofKind of byKind(objects)) {
    for (const object of await absent(client, discovery, ofKind, signal)) {
      missing.push({
        severity: severityOf(object),
        reason: 'Missing',
        object: describeRunObject(object),
        cluster: client.clusterName,
        message: 'was applied, but is not there any more',
        cure: 'See who deletes it there: a controller, a policy, or a person.',
      });
    }
  }
  return missing;
}

async function* byKind(objects: AsyncIterable<RunObject>): AsyncGenerator<RunObject[]> {
  let ofKind: RunObject[] = [];
  for await (const object of objects) {
    if (!LANDED.has(object.outcome)) continue;
    if (ofKind[0] && ofKind[0].kind !== object.kind) {
      yield ofKind;
      ofKind = [];
    }
    const { apiVersion, kind, namespace, name, outcome } = object;
    ofKind.push({ apiVersion, kind, namespace, name, outcome });
  }
  if (ofKind.length > 0) yield ofKind;
}

/** @param ofKind of one kind's name; that may be a kind of several groups */
async function absent(
  client: KubeClient,
  discovery: Pick<Discovery, 'find'>,
  ofKind: readonly RunObject[],
  signal: AbortSignal,
): Promise<RunObject[]> {
  const left: RunObject[] = [];
  for (const ofVersion of Map.groupBy(ofKind, ({ apiVersion }) => apiVersion).values()) {
    const type = servedType(discovery, ofVersion[0]!);
    if (!type) {
      left.push(...ofVersion);
      continue;
    }
    const wanted = new Map(ofVersion.map((object) => [`${object.namespace}/${object.name}`, object]));
    const namespaces = [...new Set(ofVersion.map(({ namespace }) => namespace))];
    const scopes = namespaces.length > LIST_EACH_UP_TO ? [undefined] : namespaces.map((name) => name || undefined);
    try {
      for (const namespace of scopes) {
        for await (const { metadata } of listMetadata(client, type, { namespace, signal })) {
          wanted.delete(`${metadata.namespace ?? ''}/${metadata.name}`);
        }
      }
    } catch (error) {
      // What may be created but not listed cannot be looked after; preflight has said so.
      if (!(error instanceof KubeRequestError && (error.status === 403 || error.status === 405))) throw error;
      continue;
    }
    left.push(...wanted.values());
  }
  return left;
}
