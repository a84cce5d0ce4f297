import { FatalError, RetryableError } from '@godwit/contracts/errors';
import { describeObject, type KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { GODWIT_NAMESPACE, RUN_LABEL, VOLUME_LABEL } from '@godwit/contracts/labels';
import { KubeRequestError } from '@godwit/kube/kube-error';
import { PERSISTENT_VOLUME, PERSISTENT_VOLUME_CLAIM } from '@godwit/kube/resource-type';
import { waitForObject, waitUntilGone } from '@godwit/kube/watch';
import { buildTargetClaim } from '@godwit/transforms/build-target-claim';
import type { ApplyContext, ApplyResult } from './apply-object.ts';
import type { MovedVolume } from './moved-claims.ts';
import { type Claim, holdPatch, releasePatch, reservePatch, targetState, type Volume } from './rebind-state.ts';

const GONE_TIMEOUT_MS = 120_000;
const BOUND_TIMEOUT_MS = 120_000;

export type RebindContext = Pick<ApplyContext, 'client' | 'runId' | 'signal'>;

/**
 * Hands a filled volume over from our claim to the user's (rule 16). May be cut off anywhere and called again: each step looks
 * at what the cluster has, and the volume is held (`Retain`, our labels) before the first claim goes.
 *
 * @param manifest of the user's claim on the destination, with the run's label
 * @returns `Skipped` if our volume was handed over before and the claim is not of this run any more: it is left as it is
 * @throws FatalError `VolumeExists` if the destination has a claim of that name which is not of this run, as its data is never touched;
 *   `RestoredVolumeMissing`; RetryableError if a claim is not gone or not bound in time
 */
export async function rebindVolume(context: RebindContext, manifest: KubernetesObject, moved: MovedVolume): Promise<ApplyResult> {
  const { client, runId, signal } = context;
  const { namespace, name } = manifest.metadata;
  const present = await client.find<Claim>(PERSISTENT_VOLUME_CLAIM, namespace, name, signal);
  const state = targetState(present, runId);
  if (state === 'foreign') {
    if (await findFilled(context, moved)) throw somebodyElses(client.clusterName, describeObject(manifest));
    return { outcome: 'Skipped', reason: 'is not of this run any more; left as it is', live: present, warning: true };
  }
  if (state === 'being-deleted') {
    await waitUntilGone(client, PERSISTENT_VOLUME_CLAIM, namespace, name, { signal, timeoutMs: GONE_TIMEOUT_MS });
  }
  if (state === 'absent' || state === 'being-deleted') {
    const volume = await holdVolume(context, moved, describeObject(manifest));
    await dropOurClaim(context, moved.claimName);
    const pv = volume.metadata.name;
    await client.patch(PERSISTENT_VOLUME, undefined, pv, reservePatch(namespace!, name), signal);
    await createTarget(context, buildTargetClaim(manifest, pv, volume.spec.storageClassName ?? ''));
  }
  const live = await waitUntilBound(context, namespace!, name);
  await client.patch(PERSISTENT_VOLUME, undefined, live.spec.volumeName!, releasePatch(moved.source), signal);
  return { outcome: 'Created', live };
}

/** The preflight did not find it: it has come up since. */
function somebodyElses(cluster: string, object: string): FatalError {
  return new FatalError(
    'VolumeExists',
    `cluster "${cluster}": ${object} was made by somebody else since the run began; its data is never touched`,
    {
      subject: { cluster, object },
      cure: 'Delete it, if its data is not needed; then retry the run while it is held, or run the migration again.',
    },
  );
}

/** @returns the name of the volume behind our claim and, when that has gone already, the one that we hold; undefined if it was handed over */
async function findFilled({ client, runId, signal }: RebindContext, moved: MovedVolume): Promise<string | undefined> {
  const claim = await client.find<Claim>(PERSISTENT_VOLUME_CLAIM, GODWIT_NAMESPACE, moved.claimName, signal);
  if (claim?.spec.volumeName) return claim.spec.volumeName;
  const labelSelector = `${RUN_LABEL}=${runId},${VOLUME_LABEL}=${moved.id}`;
  for await (const held of client.list<Volume>(PERSISTENT_VOLUME, { labelSelector, signal })) return held.metadata.name;
  return undefined;
}

async function holdVolume(context: RebindContext, moved: MovedVolume, target: string): Promise<Volume> {
  const { client, runId, signal } = context;
  const filled = await findFilled(context, moved);
  if (filled) return client.patch<Volume>(PERSISTENT_VOLUME, undefined, filled, holdPatch(runId, moved.id), signal);
  throw new FatalError(
    'RestoredVolumeMissing',
    `cluster "${client.clusterName}": ${target} cannot take over its data: claim ${GODWIT_NAMESPACE}/${moved.claimName}, which held ` +
      'it, is gone, and no volume carries the labels of this run',
    { subject: { cluster: client.clusterName, object: target }, cure: 'Somebody deleted it: run the migration again.' },
  );
}

async function dropOurClaim({ client, signal }: RebindContext, name: string): Promise<void> {
  await client.delete(PERSISTENT_VOLUME_CLAIM, GODWIT_NAMESPACE, name, { signal });
  await waitUntilGone(client, PERSISTENT_VOLUME_CLAIM, GODWIT_NAMESPACE, name, { signal, timeoutMs: GONE_TIMEOUT_MS });
}

/** A claim that has come up since we looked is met by the next attempt, which looks again. */
async function createTarget({ client, signal }: RebindContext, claim: KubernetesObject): Promise<void> {
  try {
    await client.create(PERSISTENT_VOLUME_CLAIM, claim, signal);
  } catch (error) {
    if (!KubeRequestError.is(error, 'AlreadyExists')) throw error;
    throw new RetryableError(
      'ClaimAppeared',
      `cluster "${client.clusterName}": ${describeObject(claim)} appeared while it was being made`,
      {
        subject: { cluster: client.clusterName, object: describeObject(claim) },
        cause: error,
      },
    );
  }
}

function waitUntilBound({ client, signal }: RebindContext, namespace: string, name: string): Promise<Claim> {
  const test = (claim?: Claim) => (claim?.status?.phase === 'Bound' ? claim : undefined);
  return waitForObject(client, PERSISTENT_VOLUME_CLAIM, namespace, name, test, {
    signal,
    timeoutMs: BOUND_TIMEOUT_MS,
    what: `waiting until PersistentVolumeClaim ${namespace}/${name} takes over its volume`,
    explain: (last) => (last ? `it is ${(last as Claim).status?.phase ?? 'without a state'}` : 'it is not there'),
    reason: 'ClaimNotBound',
    cure: `Look at what holds it: kubectl describe persistentvolumeclaim ${name} --namespace ${namespace}.`,
  });
}
