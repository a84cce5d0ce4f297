import { groupOf, type KubernetesObject } from '@godwit/contracts/kubernetes-object';
import type { KubeClient } from '@godwit/kube/kube-client';
import { KubeRequestError } from '@godwit/kube/kube-error';
import type { ResourceType } from '@godwit/kube/resource-type';

/** Patches workloads, those of a type at once, types in their order. One that is gone needs no patch. */
export async function patchWorkloads(
  client: KubeClient,
  types: readonly ResourceType[],
  patches: readonly { object: KubernetesObject; patch: object }[],
  signal: AbortSignal,
): Promise<void> {
  for (const type of types) {
    const ofType = patches.filter(({ object }) => object.kind === type.kind && groupOf(object.apiVersion) === type.group);
    await Promise.all(
      ofType.map(async ({ object: { metadata }, patch }) => {
        try {
          await client.patch(type, metadata.namespace, metadata.name, patch, signal);
        } catch (error) {
          if (!(error instanceof KubeRequestError && error.status === 404)) throw error;
        }
      }),
    );
  }
}
