import { FatalError } from '@godwit/contracts/errors';
import { describeObject, type KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { GODWIT_NAMESPACE } from '@godwit/contracts/labels';
import type { KubeClient } from '@godwit/kube/kube-client';
import { PERSISTENT_VOLUME_CLAIM, type ResourceType, VOLUME_SNAPSHOT, VOLUME_SNAPSHOT_CONTENT } from '@godwit/kube/resource-type';

interface ExposedClaim extends KubernetesObject {
  spec: { dataSource?: { kind: string; name: string } };
  status?: { phase?: string };
}

interface BoundSnapshot extends KubernetesObject {
  spec: { source?: { volumeSnapshotContentName?: string } };
}

/**
 * A run that was held may go on long after its snapshots were cut. What somebody has deleted meanwhile a mover's pod would
 * wait for until its time is over.
 *
 * @param claimName claim in our namespace that the mover is to read
 * @throws FatalError `ExposureLost` that names what is gone
 */
export async function assertExposed(client: KubeClient, claimName: string, signal: AbortSignal): Promise<void> {
  const claim = await needed<ExposedClaim>(client, PERSISTENT_VOLUME_CLAIM, claimName, signal);
  if (claim.status?.phase === 'Lost') throw lost(client, claim, 'has lost its volume');
  if (claim.status?.phase === 'Bound' || claim.spec.dataSource?.kind !== VOLUME_SNAPSHOT.kind) return;
  const snapshot = await needed<BoundSnapshot>(client, VOLUME_SNAPSHOT, claim.spec.dataSource.name, signal);
  const contentName = snapshot.spec.source?.volumeSnapshotContentName;
  if (contentName) await needed(client, VOLUME_SNAPSHOT_CONTENT, contentName, signal);
}

async function needed<T extends KubernetesObject>(
  client: KubeClient,
  type: ResourceType,
  name: string,
  signal: AbortSignal,
): Promise<T> {
  const namespace = type.namespaced ? GODWIT_NAMESPACE : undefined;
  const found = await client.find<T>(type, namespace, name, signal);
  if (found && !found.metadata.deletionTimestamp) return found;
  throw lost(client, { kind: type.kind, metadata: { name, ...(namespace ? { namespace } : {}) } }, 'is gone');
}

function lost(client: KubeClient, object: Pick<KubernetesObject, 'kind' | 'metadata'>, what: string): FatalError {
  const described = describeObject(object);
  return new FatalError(
    'ExposureLost',
    `cluster "${client.clusterName}": ${described}, from which the volume is read, ${what}: somebody has deleted it`,
    {
      subject: { cluster: client.clusterName, object: described },
      cure: 'This run cannot go on from here: give it up and run the migration again.',
    },
  );
}
