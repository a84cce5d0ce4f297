import type { RunVolume } from '@godwit/db/volume-store';
import type { KubeClient } from '@godwit/kube/kube-client';
import { listAll } from '@godwit/kube/list-all';
import { POD, VOLUME_ATTACHMENT } from '@godwit/kube/resource-type';
import { attachedTo, type MountingPod, type VolumeAttachment } from './attachment.ts';

/** Where a volume of the source is at this moment: its pods may have moved since preflight. */
export async function nodesOf(client: KubeClient, volume: RunVolume, signal: AbortSignal): Promise<string[]> {
  const { namespace, name, source } = volume;
  const [pods, attachments] = await Promise.all([
    listAll<MountingPod>(client, POD, { namespace, signal }),
    listAll<VolumeAttachment>(client, VOLUME_ATTACHMENT, { signal }),
  ]);
  return attachedTo(name, source.pvName, pods, attachments);
}
