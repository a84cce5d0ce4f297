import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import type { KubeClient } from '@godwit/kube/kube-client';
import { KubeRequestError } from '@godwit/kube/kube-error';
import { PERSISTENT_VOLUME } from '@godwit/kube/resource-type';

/**
 * The volumes that claims name. Lists run side by side, and so volumes that were made meanwhile are read by their names.
 * @param listed of the whole cluster; none where they may not be listed
 */
export async function volumesOf(
  client: KubeClient,
  claims: readonly KubernetesObject[],
  listed: readonly KubernetesObject[],
  signal: AbortSignal,
): Promise<KubernetesObject[]> {
  const names = new Set(claims.flatMap(({ spec }) => (spec as { volumeName?: string } | undefined)?.volumeName || []));
  const found = listed.filter(({ metadata }) => names.delete(metadata.name));
  for (const name of names) {
    try {
      const volume = await client.find(PERSISTENT_VOLUME, undefined, name, signal);
      if (volume) found.push(withoutTraces(volume));
    } catch (error) {
      // What may not be read stays unseen, of which the plan of the volumes tells.
      if (!(error instanceof KubeRequestError) || error.status !== 403) throw error;
      return found;
    }
  }
  return found;
}

/** Who wrote which field takes more room than what it says. */
export function withoutTraces(object: KubernetesObject): KubernetesObject {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}
