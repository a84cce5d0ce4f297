import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import type { RestoreOutput } from '@godwit/contracts/step-outputs';
import type { VolumeSource } from '@godwit/contracts/volume-source';
import type { RunVolume } from '@godwit/db/volume-store';
import type { ObjectSource } from './plan-object.ts';

/** A volume whose data lies on the destination, in a claim of ours. */
export interface MovedVolume {
  id: string;
  /** In our namespace. */
  claimName: string;
  source: VolumeSource;
}

/** By `namespace/name` of the claim on the source. */
export type MovedClaims = ReadonlyMap<string, MovedVolume>;

/**
 * The claims that take over a filled volume. A volume that was skipped, or whose restore put out nothing, is not among them:
 * its claim is created as it is and gets an empty volume.
 * @param outputs of `restore-volume`, by volume id
 */
export function movedClaims(volumes: readonly RunVolume[], outputs: ReadonlyMap<string, RestoreOutput>): MovedClaims {
  const moved = new Map<string, MovedVolume>();
  for (const { id, namespace, name, source, skipReason } of volumes) {
    const output = outputs.get(id);
    if (output && !skipReason) moved.set(`${namespace}/${name}`, { id, claimName: output.claimName, source });
  }
  return moved;
}

/** @returns the volume that the claim takes over, if the object is a claim that does */
export function movedVolumeOf(
  { manifest, source }: { manifest: KubernetesObject; source: ObjectSource },
  moved: MovedClaims,
): MovedVolume | undefined {
  const isClaim = manifest.kind === 'PersistentVolumeClaim' && manifest.apiVersion === 'v1';
  return isClaim ? moved.get(`${source.namespace}/${source.name}`) : undefined;
}
